// Turns C++ exceptions into statuses and messages. Shared by the shim's files, not part of the ABI.
#pragma once

#include <c10/util/Exception.h>

#include <exception>
#include <stdexcept>
#include <string>

#include "m3torch.h"

namespace m3t {

inline std::string& last_error() {
  thread_local std::string message;
  return message;
}

// An argument refused before libtorch saw it.
struct BadArgument : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

template <class F>
int guarded(F&& body) noexcept {
  try {
    body();
    return M3T_OK;
  } catch (const BadArgument& e) {
    last_error() = e.what();
    return M3T_BAD_ARGUMENT;
  } catch (const c10::Error& e) {
    last_error() = e.what_without_backtrace();
    return M3T_TORCH_ERROR;
  } catch (const std::exception& e) {
    last_error() = e.what();
    return M3T_CPP_ERROR;
  } catch (...) {
    last_error() = "unknown C++ exception";
    return M3T_UNKNOWN_ERROR;
  }
}

template <class T>
T& required(T* pointer, const char* name) {
  if (pointer == nullptr) throw BadArgument(std::string(name) + " is null");
  return *pointer;
}

// Counted owners of tensors that have crossed the boundary.
m3t_tensor* hand_out(at::Tensor tensor);

}  // namespace m3t
