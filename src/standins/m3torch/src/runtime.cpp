// Threads, random numbers, devices, version.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/version.h>

#include <mutex>

#include "guard.h"

using m3t::guarded;
using m3t::required;

int m3t_version(int32_t* major, int32_t* minor, int32_t* patch) {
  return guarded([&] {
    required(major, "major") = TORCH_VERSION_MAJOR;
    required(minor, "minor") = TORCH_VERSION_MINOR;
    required(patch, "patch") = TORCH_VERSION_PATCH;
  });
}

int m3t_get_num_threads(int32_t* threads) {
  return guarded([&] { required(threads, "threads") = at::get_num_threads(); });
}

int m3t_set_num_threads(int32_t threads) {
  return guarded([&] { at::set_num_threads(threads); });
}

int m3t_manual_seed(int64_t seed, m3t_generator** default_generator) {
  return guarded([&] {
    auto& handed = required(default_generator, "default_generator");
    at::manual_seed(static_cast<uint64_t>(seed));
    handed = new at::Generator(at::detail::getDefaultCPUGenerator());
  });
}

int m3t_generator_default(m3t_generator** generator) {
  return guarded([&] { required(generator, "generator") = new at::Generator(at::detail::getDefaultCPUGenerator()); });
}

int m3t_generator_new(int64_t seed, m3t_generator** generator) {
  return guarded([&] { required(generator, "generator") = new at::Generator(at::detail::createCPUGenerator(static_cast<uint64_t>(seed))); });
}

int m3t_generator_seed(m3t_generator* generator, int64_t seed) {
  return guarded([&] {
    auto& g = required(generator, "generator");
    std::lock_guard<std::mutex> held(g.mutex());
    g.set_current_seed(static_cast<uint64_t>(seed));
  });
}

int m3t_generator_initial_seed(const m3t_generator* generator, int64_t* seed) {
  return guarded([&] { required(seed, "seed") = static_cast<int64_t>(required(generator, "generator").current_seed()); });
}

int m3t_generator_get_state(const m3t_generator* generator, m3t_tensor** state) {
  return guarded([&] {
    auto g = required(generator, "generator");
    std::lock_guard<std::mutex> held(g.mutex());
    required(state, "state") = m3t::hand_out(g.get_state());
  });
}

int m3t_generator_set_state(m3t_generator* generator, const m3t_tensor* state) {
  return guarded([&] {
    auto& g = required(generator, "generator");
    std::lock_guard<std::mutex> held(g.mutex());
    g.set_state(required(state, "state"));
  });
}

int m3t_generator_free(m3t_generator* generator) {
  return guarded([&] { delete &required(generator, "generator"); });
}

int m3t_cuda_available(int32_t* available, int32_t* devices) {
  return guarded([&] {
    const auto present = at::hasCUDA();
    required(available, "available") = present;
    required(devices, "devices") = present ? c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).deviceCount() : 0;
  });
}
