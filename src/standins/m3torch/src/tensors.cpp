// Owning, describing and differentiating tensors.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <atomic>
#include <cstring>

#include "guard.h"

using m3t::guarded;
using m3t::required;

namespace {
std::atomic<int64_t> live{0};
}

m3t_tensor* m3t::hand_out(at::Tensor tensor) {
  auto* owned = new at::Tensor(std::move(tensor));
  live.fetch_add(1, std::memory_order_relaxed);
  return owned;
}

int64_t m3t_last_error(char* message, int64_t capacity) {
  const auto& text = m3t::last_error();
  const auto length = static_cast<int64_t>(text.size());
  if (message != nullptr && capacity > 0) std::memcpy(message, text.data(), static_cast<size_t>(std::min(length, capacity)));
  return length;
}

int m3t_tensor_from_bytes(const void* bytes, int64_t byte_count, const int64_t* sizes, int32_t rank, int32_t dtype, m3t_tensor** tensor) {
  return guarded([&] {
    auto& created = required(tensor, "tensor");
    if (rank < 0) throw m3t::BadArgument("rank is negative");
    if (rank > 0) required(sizes, "sizes");
    auto result = at::empty(at::IntArrayRef(sizes, static_cast<size_t>(rank)), static_cast<at::ScalarType>(dtype));
    if (static_cast<int64_t>(result.nbytes()) != byte_count)
      throw m3t::BadArgument("the shape needs " + std::to_string(result.nbytes()) + " bytes, " + std::to_string(byte_count) + " given");
    if (byte_count > 0) std::memcpy(result.data_ptr(), &required(static_cast<const char*>(bytes), "bytes"), static_cast<size_t>(byte_count));
    created = m3t::hand_out(std::move(result));
  });
}

int m3t_tensor_free(m3t_tensor* tensor) {
  return guarded([&] {
    delete &required(tensor, "tensor");
    live.fetch_sub(1, std::memory_order_relaxed);
  });
}

int64_t m3t_tensor_live(void) { return live.load(std::memory_order_relaxed); }

int m3t_tensor_alias(const m3t_tensor* tensor, m3t_tensor** alias) {
  return guarded([&] { required(alias, "alias") = m3t::hand_out(required(tensor, "tensor")); });
}

int m3t_tensor_info(const m3t_tensor* tensor, m3t_info* info) {
  return guarded([&] {
    const auto& t = required(tensor, "tensor");
    auto& out = required(info, "info");
    out = {};
    out.elements = t.numel();
    out.rank = static_cast<int32_t>(t.dim());
    out.dtype = static_cast<int32_t>(t.scalar_type());
    out.device_type = static_cast<int32_t>(t.device().type());
    out.device_index = t.device().index();
    out.item_bytes = static_cast<int32_t>(t.element_size());
    out.requires_grad = t.requires_grad();
    out.is_leaf = t.is_leaf();
    out.is_contiguous = t.is_contiguous();
  });
}

int m3t_tensor_sizes(const m3t_tensor* tensor, int64_t* sizes, int32_t rank) {
  return guarded([&] {
    const auto& t = required(tensor, "tensor");
    if (rank != t.dim()) throw m3t::BadArgument("rank is " + std::to_string(t.dim()) + ", not " + std::to_string(rank));
    if (rank > 0) std::memcpy(&required(sizes, "sizes"), t.sizes().data(), static_cast<size_t>(rank) * sizeof(int64_t));
  });
}

int m3t_tensor_strides(const m3t_tensor* tensor, int64_t* strides, int32_t rank) {
  return guarded([&] {
    const auto& t = required(tensor, "tensor");
    if (rank != t.dim()) throw m3t::BadArgument("rank is " + std::to_string(t.dim()) + ", not " + std::to_string(rank));
    if (rank > 0) std::memcpy(&required(strides, "strides"), t.strides().data(), static_cast<size_t>(rank) * sizeof(int64_t));
  });
}

int m3t_tensor_data(const m3t_tensor* tensor, void** data) {
  return guarded([&] {
    const auto& t = required(tensor, "tensor");
    if (!t.device().is_cpu()) throw m3t::BadArgument("the tensor is on " + t.device().str() + ", its elements are not in CPU memory");
    required(data, "data") = t.data_ptr();
  });
}

int m3t_tensor_set_requires_grad(m3t_tensor* tensor, int32_t value) {
  return guarded([&] { required(tensor, "tensor").requires_grad_(value != 0); });
}

int m3t_tensor_retain_grad(const m3t_tensor* tensor) {
  return guarded([&] { required(tensor, "tensor").retain_grad(); });
}

int m3t_tensor_grad(const m3t_tensor* tensor, m3t_tensor** gradient) {
  return guarded([&] {
    const auto& grad = required(tensor, "tensor").grad();
    required(gradient, "gradient") = grad.defined() ? m3t::hand_out(grad) : nullptr;
  });
}

int m3t_tensor_set_grad(m3t_tensor* tensor, const m3t_tensor* gradient) {
  return guarded([&] { required(tensor, "tensor").mutable_grad() = gradient == nullptr ? at::Tensor() : *gradient; });
}

int m3t_tensor_set_data(m3t_tensor* tensor, const m3t_tensor* data) {
  return guarded([&] { required(tensor, "tensor").set_data(required(data, "data")); });
}

int m3t_tensor_backward(const m3t_tensor* tensor, const m3t_tensor* gradient, int32_t retain_graph, int32_t create_graph,
                        m3t_tensor* const* inputs, int32_t input_count) {
  return guarded([&] {
    const auto& root = required(tensor, "tensor");
    const auto seed = gradient == nullptr ? at::Tensor() : *gradient;
    if (input_count <= 0) {
      root.backward(seed, retain_graph != 0, create_graph != 0);
      return;
    }
    std::vector<at::Tensor> leaves;
    for (int32_t i = 0; i < input_count; i++) leaves.push_back(required(inputs[i], "inputs[i]"));
    root.backward(seed, retain_graph != 0, create_graph != 0, at::TensorList(leaves));
  });
}

int m3t_grad_enabled(int32_t* enabled) {
  return guarded([&] { required(enabled, "enabled") = at::GradMode::is_enabled(); });
}

int m3t_set_grad_enabled(int32_t enabled) {
  return guarded([&] { at::GradMode::set_enabled(enabled != 0); });
}
