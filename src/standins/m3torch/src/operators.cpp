// One door to every operator of libtorch's dispatcher.
#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <map>
#include <memory>
#include <mutex>

#include "guard.h"

using c10::IValue;
using c10::TypeKind;

namespace {

// What a schema's argument takes, looked up once per operator.
struct Parameter {
  TypeKind kind;           // of the argument itself, or of what is inside an optional
  TypeKind element;        // of a list's elements; AnyType otherwise
  bool optional;
  bool optional_element;
};

Parameter describe(c10::TypePtr type) {
  Parameter result{TypeKind::AnyType, TypeKind::AnyType, false, false};
  if (type->kind() == TypeKind::OptionalType) {
    result.optional = true;
    type = type->containedType(0);
  }
  result.kind = type->kind();
  if (result.kind == TypeKind::ListType) {
    auto element = type->containedType(0);
    if (element->kind() == TypeKind::OptionalType) {
      result.optional_element = true;
      element = element->containedType(0);
    }
    result.element = element->kind();
  }
  return result;
}

bool is_int(TypeKind kind) { return kind == TypeKind::IntType || kind == TypeKind::SymIntType; }

}  // namespace

struct m3t_operator {
  explicit m3t_operator(c10::OperatorHandle found) : handle(found) {
    for (const auto& argument : handle.schema().arguments()) parameters.push_back(describe(argument.type()));
  }
  c10::OperatorHandle handle;
  std::vector<Parameter> parameters;
};

namespace {

using m3t::BadArgument;
using m3t::required;

[[noreturn]] void refuse(const m3t_operator& op, size_t index, const std::string& why) {
  const auto& schema = op.handle.schema();
  throw BadArgument(schema.name() + "." + schema.overload_name() + ": argument '" + schema.arguments()[index].name() + "' " + why);
}

IValue tensor_list(const m3t_operator& op, size_t index, const m3t_value& value, bool optional_element) {
  auto* tensors = static_cast<const at::Tensor* const*>(value.data);
  if (optional_element) {
    // By element type, as the optional's own type differs between libtorch versions.
    c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
    list.reserve(value.count);
    for (int32_t i = 0; i < value.count; i++) list.push_back(tensors[i] == nullptr ? IValue() : IValue(*tensors[i]));
    return list;
  }
  c10::List<at::Tensor> list;
  list.reserve(value.count);
  for (int32_t i = 0; i < value.count; i++) {
    if (tensors[i] == nullptr) refuse(op, index, "has a null tensor at " + std::to_string(i));
    list.push_back(*tensors[i]);
  }
  return list;
}

// The value as the schema wants it: integers become reals where a float is taken, an int becomes a list of one.
IValue convert(const m3t_operator& op, size_t index, const m3t_value& value) {
  const auto& parameter = op.parameters[index];
  const auto kind = parameter.kind;
  if (value.count < 0 && value.tag != M3T_DEVICE) refuse(op, index, "has a negative count");
  switch (value.tag) {
    case M3T_NONE:
      if (parameter.optional) return IValue();
      if (kind == TypeKind::TensorType) return at::Tensor();
      break;
    case M3T_TENSOR:
      if (kind == TypeKind::TensorType) return required(static_cast<const at::Tensor*>(value.data), "tensor");
      break;
    case M3T_INT:
      if (is_int(kind) || kind == TypeKind::NumberType) return value.integer;
      if (kind == TypeKind::FloatType) return static_cast<double>(value.integer);
      if (kind == TypeKind::ListType && is_int(parameter.element)) return std::vector<int64_t>{value.integer};
      break;
    case M3T_DOUBLE:
      if (kind == TypeKind::FloatType || kind == TypeKind::NumberType) return value.real;
      break;
    case M3T_BOOL:
      if (kind == TypeKind::BoolType || kind == TypeKind::NumberType) return value.integer != 0;
      break;
    case M3T_INT_LIST:
      if (kind == TypeKind::ListType && is_int(parameter.element)) {
        auto* first = static_cast<const int64_t*>(value.data);
        return std::vector<int64_t>(first, first + value.count);
      }
      break;
    case M3T_DOUBLE_LIST:
      if (kind == TypeKind::ListType && parameter.element == TypeKind::FloatType) {
        auto* first = static_cast<const double*>(value.data);
        return std::vector<double>(first, first + value.count);
      }
      break;
    case M3T_TENSOR_LIST:
      if (kind == TypeKind::ListType && parameter.element == TypeKind::TensorType)
        return tensor_list(op, index, value, parameter.optional_element);
      break;
    case M3T_STRING:
      if (kind == TypeKind::StringType) return std::string(static_cast<const char*>(value.data), value.count);
      break;
    case M3T_DEVICE:
      if (kind == TypeKind::DeviceObjType)
        return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.count));
      break;
    case M3T_GENERATOR:
      if (kind == TypeKind::GeneratorType) return required(static_cast<const at::Generator*>(value.data), "generator");
      break;
    default:
      break;
  }
  refuse(op, index,
         "cannot take a value with tag " + std::to_string(value.tag) + " for " + op.handle.schema().arguments()[index].type()->str());
}

// Collects results; frees the tensors again if one of them cannot be handed over.
class Results {
 public:
  Results(m3t_value* values, int32_t capacity) : values_(values), capacity_(capacity) {}
  ~Results() {
    if (done_) return;
    for (int32_t i = 0; i < count_; i++)
      if (values_[i].tag == M3T_TENSOR) m3t_tensor_free(static_cast<at::Tensor*>(const_cast<void*>(values_[i].data)));
  }
  void add(const IValue& result) {
    if (result.isTensor()) {
      m3t_value value{M3T_TENSOR, 0, {}};
      reserve();
      value.data = result.toTensor().defined() ? m3t::hand_out(result.toTensor()) : nullptr;
      if (value.data == nullptr) value.tag = M3T_NONE;
      values_[count_++] = value;
    } else if (result.isTensorList()) {
      for (const at::Tensor& tensor : result.toTensorVector()) add(tensor);
    } else if (result.isBool()) {
      add_integer(M3T_BOOL, result.toBool());
    } else if (result.isInt()) {
      add_integer(M3T_INT, result.toInt());
    } else if (result.isDouble()) {
      m3t_value value{M3T_DOUBLE, 0, {}};
      value.real = result.toDouble();
      reserve();
      values_[count_++] = value;
    } else {
      throw BadArgument("the operator's result of type " + result.tagKind() + " cannot cross the boundary");
    }
  }
  int32_t finish() {
    done_ = true;
    return count_;
  }

 private:
  void reserve() const {
    if (count_ == capacity_) throw BadArgument("the operator gives more than " + std::to_string(capacity_) + " results");
  }
  void add_integer(int32_t tag, int64_t integer) {
    m3t_value value{tag, 0, {}};
    value.integer = integer;
    reserve();
    values_[count_++] = value;
  }
  m3t_value* values_;
  int32_t capacity_;
  int32_t count_ = 0;
  bool done_ = false;
};

}  // namespace

int m3t_operator_find(const char* name, const char* overload, const m3t_operator** op) {
  return m3t::guarded([&] {
    static std::mutex lock;
    static std::map<std::pair<std::string, std::string>, std::unique_ptr<m3t_operator>> operators;
    auto key = std::make_pair(std::string(&required(name, "name")), std::string(&required(overload, "overload")));
    auto& found = required(op, "op");
    std::lock_guard<std::mutex> held(lock);
    auto& entry = operators[key];
    if (!entry)
      entry = std::make_unique<m3t_operator>(
          c10::Dispatcher::singleton().findSchemaOrThrow(key.first.c_str(), key.second.c_str()));
    found = entry.get();
  });
}

int m3t_operator_call(const m3t_operator* op, const m3t_value* arguments, int32_t argument_count, m3t_value* results, int32_t capacity,
                      int32_t* result_count) {
  return m3t::guarded([&] {
    const auto& called = required(op, "op");
    if (argument_count > 0) required(arguments, "arguments");
    if (capacity > 0) required(results, "results");
    auto& count = required(result_count, "result_count");
    const auto& schema = called.handle.schema();
    const auto& declared = schema.arguments();
    if (argument_count < 0 || static_cast<size_t>(argument_count) > declared.size())
      throw BadArgument(schema.name() + ": " + std::to_string(argument_count) + " arguments given, " + std::to_string(declared.size()) +
                        " taken");
    torch::jit::Stack stack;
    stack.reserve(declared.size());
    for (size_t i = 0; i < declared.size(); i++) {
      if (i < static_cast<size_t>(argument_count))
        stack.push_back(convert(called, i, arguments[i]));
      else if (declared[i].default_value())
        stack.push_back(*declared[i].default_value());
      else
        refuse(called, i, "is missing");
    }
    called.handle.callBoxed(stack);
    count = 0;
    if (capacity <= 0) return;
    Results out(results, capacity);
    for (const auto& result : stack) out.add(result);
    count = out.finish();
  });
}
