// The shim through its C header alone: layout, results, refusals, and no tensor left. Run plainly and under valgrind.
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "m3torch.h"

static m3t_value tensor_value(const m3t_tensor* tensor) {
  m3t_value value = {M3T_TENSOR, 0, {0}};
  value.data = tensor;
  return value;
}

static m3t_value int_value(int64_t integer) {
  m3t_value value = {M3T_INT, 0, {0}};
  value.integer = integer;
  return value;
}

static m3t_tensor* floats(const float* values, int64_t count) {
  m3t_tensor* tensor = NULL;
  assert(m3t_tensor_from_bytes(values, count * (int64_t)sizeof(float), &count, 1, 6, &tensor) == M3T_OK);
  return tensor;
}

static const m3t_operator* find(const char* name, const char* overload) {
  const m3t_operator* op = NULL;
  assert(m3t_operator_find(name, overload, &op) == M3T_OK);
  return op;
}

static const float* elements(const m3t_tensor* tensor) {
  void* data = NULL;
  assert(m3t_tensor_data(tensor, &data) == M3T_OK);
  return data;
}

// True if the thread's last message contains the text.
static int last_error_says(const char* text) {
  char message[4096] = {0};
  assert(m3t_last_error(message, sizeof message - 1) > 0);
  return strstr(message, text) != NULL;
}

static void layout(void) {
  assert(sizeof(m3t_value) == 16 && offsetof(m3t_value, integer) == 8);
  assert(sizeof(m3t_info) == 32 && offsetof(m3t_info, requires_grad) == 28);
}

static void create_and_describe(void) {
  const float values[] = {1, 2, 3, 4, 5, 6};
  const int64_t sizes[] = {2, 3};
  m3t_tensor* tensor = NULL;
  assert(m3t_tensor_from_bytes(values, sizeof values, sizes, 2, 6, &tensor) == M3T_OK);

  m3t_info info;
  int64_t read[2];
  assert(m3t_tensor_info(tensor, &info) == M3T_OK);
  assert(info.elements == 6 && info.rank == 2 && info.dtype == 6 && info.item_bytes == 4 && info.device_type == 0);
  assert(!info.requires_grad && info.is_leaf && info.is_contiguous);
  assert(m3t_tensor_sizes(tensor, read, 2) == M3T_OK && read[0] == 2 && read[1] == 3);
  assert(m3t_tensor_strides(tensor, read, 2) == M3T_OK && read[0] == 3 && read[1] == 1);
  assert(memcmp(elements(tensor), values, sizeof values) == 0);
  assert(m3t_tensor_free(tensor) == M3T_OK);
}

static void call_with_defaults(void) {
  const float left[] = {1, 2}, right[] = {10, 20};
  m3t_tensor *a = floats(left, 2), *b = floats(right, 2);
  m3t_value arguments[] = {tensor_value(a), tensor_value(b)}, sum;
  int32_t count = 0;

  assert(m3t_operator_call(find("aten::add", "Tensor"), arguments, 2, &sum, 1, &count) == M3T_OK);

  assert(count == 1 && sum.tag == M3T_TENSOR);
  assert(elements(sum.data)[0] == 11 && elements(sum.data)[1] == 22);
  m3t_tensor_free((m3t_tensor*)sum.data);
  m3t_tensor_free(b);
  m3t_tensor_free(a);
}

static void call_in_place_drops_results(void) {
  const float values[] = {4, 9};
  m3t_tensor* a = floats(values, 2);
  m3t_value argument = tensor_value(a);
  int32_t count = 7;

  assert(m3t_operator_call(find("aten::sqrt_", ""), &argument, 1, NULL, 0, &count) == M3T_OK);

  assert(count == 0 && elements(a)[0] == 2 && elements(a)[1] == 3);
  m3t_tensor_free(a);
}

static void lists_go_in_and_out(void) {
  const float values[] = {1, 2, 3, 4, 5};
  m3t_tensor* a = floats(values, 5);
  m3t_value arguments[] = {tensor_value(a), int_value(3)}, parts[3], whole;
  int32_t count = 0;
  assert(m3t_operator_call(find("aten::chunk", ""), arguments, 2, parts, 3, &count) == M3T_OK && count == 3);

  const m3t_tensor* pieces[] = {parts[0].data, parts[1].data, parts[2].data};
  m3t_value list = {M3T_TENSOR_LIST, 3, {0}};
  list.data = pieces;
  assert(m3t_operator_call(find("aten::cat", ""), &list, 1, &whole, 1, &count) == M3T_OK);

  assert(memcmp(elements(whole.data), values, sizeof values) == 0);
  m3t_tensor_free((m3t_tensor*)whole.data);
  for (int i = 0; i < 3; i++) m3t_tensor_free((m3t_tensor*)parts[i].data);
  m3t_tensor_free(a);
}

// x[:, [1]]: the first dimension's place is empty.
static void optional_lists_have_empty_places(void) {
  const float values[] = {1, 2, 3, 4};
  const int64_t square[] = {2, 2}, one = 1, column = 1;
  m3t_tensor *a = NULL, *index = NULL;
  assert(m3t_tensor_from_bytes(values, sizeof values, square, 2, 6, &a) == M3T_OK);
  assert(m3t_tensor_from_bytes(&column, sizeof column, &one, 1, 4, &index) == M3T_OK);
  const m3t_tensor* places[] = {NULL, index};
  m3t_value arguments[] = {tensor_value(a), {M3T_TENSOR_LIST, 2, {0}}}, picked;
  arguments[1].data = places;
  int32_t count = 0;

  assert(m3t_operator_call(find("aten::index", "Tensor"), arguments, 2, &picked, 1, &count) == M3T_OK);

  assert(elements(picked.data)[0] == 2 && elements(picked.data)[1] == 4);
  m3t_tensor_free((m3t_tensor*)picked.data);
  m3t_tensor_free(index);
  m3t_tensor_free(a);
}

static void too_many_results_are_freed(void) {
  const float values[] = {1, 2, 3, 4};
  m3t_tensor* a = floats(values, 4);
  m3t_value arguments[] = {tensor_value(a), int_value(4)}, parts[2];
  int32_t count = 0;
  const int64_t before = m3t_tensor_live();

  assert(m3t_operator_call(find("aten::chunk", ""), arguments, 2, parts, 2, &count) == M3T_BAD_ARGUMENT);

  assert(last_error_says("more than 2 results") && m3t_tensor_live() == before);
  m3t_tensor_free(a);
}

static void refusals_name_the_reason(void) {
  const float values[] = {1, 2};
  m3t_tensor* a = floats(values, 2);
  m3t_value arguments[] = {tensor_value(a), tensor_value(NULL)}, result;
  const m3t_operator* op = NULL;
  int32_t count = 0;
  const m3t_operator* add = find("aten::add", "Tensor");

  assert(m3t_operator_find("aten::no_such", "", &op) == M3T_TORCH_ERROR && last_error_says("aten::no_such"));
  assert(m3t_operator_find(NULL, "", &op) == M3T_BAD_ARGUMENT && last_error_says("name is null"));
  assert(m3t_operator_call(NULL, arguments, 2, &result, 1, &count) == M3T_BAD_ARGUMENT && last_error_says("op is null"));
  assert(m3t_operator_call(add, NULL, 2, &result, 1, &count) == M3T_BAD_ARGUMENT && last_error_says("arguments is null"));
  assert(m3t_operator_call(add, arguments, 2, &result, 1, &count) == M3T_BAD_ARGUMENT && last_error_says("tensor is null"));
  assert(m3t_operator_call(add, arguments, 1, &result, 1, &count) == M3T_BAD_ARGUMENT && last_error_says("'other' is missing"));
  assert(m3t_operator_call(add, arguments, 9, &result, 1, &count) == M3T_BAD_ARGUMENT && last_error_says("9 arguments given"));
  arguments[1].tag = 99;
  assert(m3t_operator_call(add, arguments, 2, &result, 1, &count) == M3T_BAD_ARGUMENT && last_error_says("tag 99"));
  assert(m3t_tensor_info(NULL, NULL) == M3T_BAD_ARGUMENT);
  assert(m3t_tensor_free(NULL) == M3T_BAD_ARGUMENT);
  assert(m3t_tensor_sizes(a, NULL, 2) == M3T_BAD_ARGUMENT && last_error_says("rank is 1, not 2"));
  m3t_tensor_free(a);
}

static void libtorch_errors_keep_their_message(void) {
  const float two[] = {1, 2}, three[] = {1, 2, 3};
  m3t_tensor *a = floats(two, 2), *b = floats(three, 3);
  m3t_value arguments[] = {tensor_value(a), tensor_value(b)}, result;
  int32_t count = 0;

  assert(m3t_operator_call(find("aten::add", "Tensor"), arguments, 2, &result, 1, &count) == M3T_TORCH_ERROR);

  assert(last_error_says("must match the size of tensor b (3)"));
  char cut[8];
  assert(m3t_last_error(cut, sizeof cut) > (int64_t)sizeof cut);
  m3t_tensor_free(b);
  m3t_tensor_free(a);
}

static void backward_fills_gradients(void) {
  const float values[] = {3, -2};
  m3t_tensor *a = floats(values, 2), *gradient = NULL;
  assert(m3t_tensor_grad(a, &gradient) == M3T_OK && gradient == NULL);
  assert(m3t_tensor_set_requires_grad(a, 1) == M3T_OK);
  m3t_value argument = tensor_value(a), square, sum;
  int32_t count = 0;
  assert(m3t_operator_call(find("aten::square", ""), &argument, 1, &square, 1, &count) == M3T_OK);
  assert(m3t_operator_call(find("aten::sum", ""), &square, 1, &sum, 1, &count) == M3T_OK);

  assert(m3t_tensor_backward(sum.data, NULL, 0, 0, NULL, 0) == M3T_OK);

  assert(m3t_tensor_grad(a, &gradient) == M3T_OK && gradient != NULL);
  assert(fabsf(elements(gradient)[0] - 6) < 1e-6f && fabsf(elements(gradient)[1] + 4) < 1e-6f);
  m3t_tensor_free(gradient);
  m3t_tensor_free((m3t_tensor*)sum.data);
  m3t_tensor_free((m3t_tensor*)square.data);
  m3t_tensor_free(a);
}

static void generators_repeat(void) {
  m3t_generator* generator = NULL;
  m3t_tensor *state = NULL, *again = NULL;
  int64_t seed = 0;
  assert(m3t_generator_new(11, &generator) == M3T_OK);
  assert(m3t_generator_initial_seed(generator, &seed) == M3T_OK && seed == 11);
  assert(m3t_generator_get_state(generator, &state) == M3T_OK);
  assert(m3t_generator_seed(generator, 12) == M3T_OK);
  assert(m3t_generator_set_state(generator, state) == M3T_OK);
  assert(m3t_generator_get_state(generator, &again) == M3T_OK);
  m3t_info info;
  void *first = NULL, *second = NULL;
  assert(m3t_tensor_info(state, &info) == M3T_OK);
  assert(m3t_tensor_data(state, &first) == M3T_OK && m3t_tensor_data(again, &second) == M3T_OK);
  assert(memcmp(first, second, (size_t)info.elements) == 0);
  m3t_tensor_free(again);
  m3t_tensor_free(state);
  m3t_generator_free(generator);
}

static void thousand_steps_leave_nothing(void) {
  const float values[] = {1, 2, 3};
  m3t_tensor* a = floats(values, 3);
  m3t_value argument = tensor_value(a), result;
  const m3t_operator* exponential = find("aten::exp", "");
  const int64_t before = m3t_tensor_live();
  int32_t count = 0;

  for (int i = 0; i < 1000; i++) {
    assert(m3t_operator_call(exponential, &argument, 1, &result, 1, &count) == M3T_OK);
    m3t_tensor_free((m3t_tensor*)result.data);
  }

  assert(m3t_tensor_live() == before);
  m3t_tensor_free(a);
}

int main(void) {
  layout();
  create_and_describe();
  call_with_defaults();
  call_in_place_drops_results();
  lists_go_in_and_out();
  optional_lists_have_empty_places();
  too_many_results_are_freed();
  refusals_name_the_reason();
  libtorch_errors_keep_their_message();
  backward_fills_gradients();
  generators_repeat();
  thousand_steps_leave_nothing();
  assert(m3t_tensor_live() == 0);
  puts("m3torch: 12 groups passed");
  return 0;
}
