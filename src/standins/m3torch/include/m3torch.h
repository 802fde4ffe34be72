// The C ABI between TorchSharp (the stand-in) and libtorch.
//
// Every function returns a status: 0 for success, otherwise the kind of failure (m3t_status); the message is then in
// m3t_last_error of the same thread until its next failing call. No C++ exception crosses this boundary.
// Operators go through one door, m3t_operator_call, which forwards to libtorch's dispatcher by schema name. That keeps
// the shim free of per-operator code and the same for every libtorch version: arguments left out take the schema's defaults.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define M3T_API __attribute__((visibility("default")))
#else
#define M3T_API
#endif

#ifdef __cplusplus
namespace at {
class Tensor;
struct Generator;
}  // namespace at
typedef at::Tensor m3t_tensor;
typedef at::Generator m3t_generator;
struct m3t_operator;
extern "C" {
#else
typedef struct m3t_tensor m3t_tensor;
typedef struct m3t_generator m3t_generator;
typedef struct m3t_operator m3t_operator;
#endif

typedef enum m3t_status {
  M3T_OK = 0,
  M3T_TORCH_ERROR = 1,    // libtorch refused
  M3T_CPP_ERROR = 2,      // any other C++ exception
  M3T_UNKNOWN_ERROR = 3,
  M3T_BAD_ARGUMENT = 4    // null handle, wrong tag, wrong count: refused before libtorch saw it
} m3t_status;

typedef enum m3t_tag {
  M3T_NONE = 0,
  M3T_TENSOR = 1,        // data: m3t_tensor*
  M3T_INT = 2,
  M3T_DOUBLE = 3,
  M3T_BOOL = 4,          // integer: 0 or 1
  M3T_INT_LIST = 5,      // data: count int64_t
  M3T_TENSOR_LIST = 6,   // data: count m3t_tensor*; null entries only where the schema takes optional tensors
  M3T_DOUBLE_LIST = 7,   // data: count double
  M3T_STRING = 8,        // data: count bytes of UTF-8
  M3T_DEVICE = 9,        // integer: device type; count: index or -1
  M3T_GENERATOR = 10     // data: m3t_generator*
} m3t_tag;

// One argument or result of an operator. Blittable; 16 bytes.
typedef struct m3t_value {
  int32_t tag;
  int32_t count;
  union {
    int64_t integer;
    double real;
    const void* data;
  };
} m3t_value;

// What a tensor is, without its sizes. Blittable; 32 bytes.
typedef struct m3t_info {
  int64_t elements;
  int32_t rank;
  int32_t dtype;          // c10::ScalarType
  int32_t device_type;    // c10::DeviceType
  int32_t device_index;   // -1 where there is only one
  int32_t item_bytes;
  uint8_t requires_grad;
  uint8_t is_leaf;
  uint8_t is_contiguous;
  uint8_t reserved;
} m3t_info;

// --- errors and version
// Copies the thread's last message, cut to capacity bytes, and returns its whole length in bytes. Never fails.
M3T_API int64_t m3t_last_error(char* message, int64_t capacity);
M3T_API int m3t_version(int32_t* major, int32_t* minor, int32_t* patch);

// --- operators
// Finds "aten::add" / "Tensor". The operator lives as long as the process.
M3T_API int m3t_operator_find(const char* name, const char* overload, const m3t_operator** op);
// Calls it. Tensors among the results (lists are flattened) belong to the caller. With capacity 0 results are dropped;
// otherwise more results than capacity are an error.
M3T_API int m3t_operator_call(const m3t_operator* op, const m3t_value* arguments, int32_t argument_count, m3t_value* results,
                              int32_t capacity, int32_t* result_count);

// --- tensors
// A new tensor in CPU memory with a copy of bytes (which must be exactly what sizes and dtype need).
M3T_API int m3t_tensor_from_bytes(const void* bytes, int64_t byte_count, const int64_t* sizes, int32_t rank, int32_t dtype,
                                  m3t_tensor** tensor);
M3T_API int m3t_tensor_free(m3t_tensor* tensor);
M3T_API int64_t m3t_tensor_live(void);
M3T_API int m3t_tensor_alias(const m3t_tensor* tensor, m3t_tensor** alias);
M3T_API int m3t_tensor_info(const m3t_tensor* tensor, m3t_info* info);
M3T_API int m3t_tensor_sizes(const m3t_tensor* tensor, int64_t* sizes, int32_t rank);
M3T_API int m3t_tensor_strides(const m3t_tensor* tensor, int64_t* strides, int32_t rank);
// The first element's address; an error for tensors that are not in CPU memory.
M3T_API int m3t_tensor_data(const m3t_tensor* tensor, void** data);

// --- autograd
M3T_API int m3t_tensor_set_requires_grad(m3t_tensor* tensor, int32_t value);
M3T_API int m3t_tensor_retain_grad(const m3t_tensor* tensor);
M3T_API int m3t_tensor_grad(const m3t_tensor* tensor, m3t_tensor** gradient);  // null: none yet
M3T_API int m3t_tensor_set_grad(m3t_tensor* tensor, const m3t_tensor* gradient);  // null: none
M3T_API int m3t_tensor_set_data(m3t_tensor* tensor, const m3t_tensor* data);
M3T_API int m3t_tensor_backward(const m3t_tensor* tensor, const m3t_tensor* gradient, int32_t retain_graph, int32_t create_graph,
                                m3t_tensor* const* inputs, int32_t input_count);
M3T_API int m3t_grad_enabled(int32_t* enabled);      // per thread
M3T_API int m3t_set_grad_enabled(int32_t enabled);

// --- runtime
M3T_API int m3t_get_num_threads(int32_t* threads);
M3T_API int m3t_set_num_threads(int32_t threads);
M3T_API int m3t_manual_seed(int64_t seed, m3t_generator** default_generator);
M3T_API int m3t_generator_new(int64_t seed, m3t_generator** generator);
M3T_API int m3t_generator_default(m3t_generator** generator);
M3T_API int m3t_generator_seed(m3t_generator* generator, int64_t seed);
M3T_API int m3t_generator_initial_seed(const m3t_generator* generator, int64_t* seed);
M3T_API int m3t_generator_get_state(const m3t_generator* generator, m3t_tensor** state);
M3T_API int m3t_generator_set_state(m3t_generator* generator, const m3t_tensor* state);
M3T_API int m3t_generator_free(m3t_generator* generator);
M3T_API int m3t_cuda_available(int32_t* available, int32_t* devices);

#ifdef __cplusplus
}
#endif
