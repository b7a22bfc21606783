// Every ATen operator through one function: the arguments go onto a stack of IValues, the dispatcher's boxed call does the rest,
// autograd, grad mode, inference mode and the choice of the device included.

#include "errors.h"
#include "results.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>

namespace adaqat {

namespace {

// libtorch 1 has an optional of its own, libtorch 2 the standard one; this is the one that the dispatcher itself uses.
template <class>
struct OptionalOf;
template <template <class> class Optional, class Value>
struct OptionalOf<Optional<Value>> {
    using Tensor = Optional<at::Tensor>;
};
using OptionalTensor = OptionalOf<decltype(c10::Dispatcher::singleton().findSchema(c10::OperatorName("", "")))>::Tensor;

struct Operation {
    explicit Operation(c10::OperatorHandle found) : handle(std::move(found)) {
        for (const auto& argument : handle.schema().arguments()) {
            arguments.push_back(argument);
            takes_real.push_back(argument.type()->kind() == c10::TypeKind::FloatType || is_optional_of_real(*argument.type()));
            takes_real_list.push_back(argument.type()->kind() == c10::TypeKind::ListType
                && argument.type()->castRaw<c10::ListType>()->getElementType()->kind() == c10::TypeKind::FloatType);
        }
    }

    static bool is_optional_of_real(const c10::Type& type) {
        return type.kind() == c10::TypeKind::OptionalType
            && type.castRaw<c10::OptionalType>()->getElementType()->kind() == c10::TypeKind::FloatType;
    }

    c10::OperatorHandle handle;
    std::vector<c10::Argument> arguments;
    std::vector<bool> takes_real;
    std::vector<bool> takes_real_list;
};

template <class T>
const T* elements(const Value& value) {
    return static_cast<const T*>(value.pointer);
}

c10::IValue to_ivalue(const Value& value, bool as_real, bool as_real_list) {
    const auto count = static_cast<size_t>(value.count);
    switch (value.kind) {
        case Kind::None:
            return {};
        case Kind::Tensor:
            return borrow(static_cast<Handle>(value.pointer));
        case Kind::Integer:
            if (as_real) return static_cast<double>(value.integer);
            return value.integer;
        case Kind::Real:
            return value.real;
        case Kind::Boolean:
            return value.integer != 0;
        case Kind::Complex: {
            const auto* parts = elements<double>(value);
            return c10::complex<double>(parts[0], parts[1]);
        }
        case Kind::IntegerList: {
            const auto* items = elements<int64_t>(value);
            if (as_real_list) return std::vector<double>(items, items + count);
            c10::List<int64_t> list;
            list.reserve(count);
            for (size_t i = 0; i < count; ++i) list.push_back(items[i]);
            return list;
        }
        case Kind::RealList: {
            const auto* items = elements<double>(value);
            return std::vector<double>(items, items + count);
        }
        case Kind::BooleanList: {
            const auto* items = elements<int64_t>(value);
            c10::List<bool> list;
            list.reserve(count);
            for (size_t i = 0; i < count; ++i) list.push_back(items[i] != 0);
            return list;
        }
        case Kind::TensorList: {
            const auto* items = elements<Handle>(value);
            c10::List<at::Tensor> list;
            list.reserve(count);
            for (size_t i = 0; i < count; ++i) list.push_back(borrow(items[i]));
            return list;
        }
        case Kind::OptionalTensorList: {
            const auto* items = elements<Handle>(value);
            c10::List<OptionalTensor> list;
            list.reserve(count);
            for (size_t i = 0; i < count; ++i) list.push_back(items[i] == nullptr ? OptionalTensor() : OptionalTensor(borrow(items[i])));
            return list;
        }
        case Kind::String:
            return std::string(static_cast<const char*>(value.pointer), count);
        case Kind::Device:
            return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.count));
        case Kind::Generator:
            return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(static_cast<c10::GeneratorImpl*>(value.pointer)));
    }
    TORCH_CHECK(false, "an argument has the unknown kind ", static_cast<int32_t>(value.kind));
}

void collect(c10::IValue&& value, Results& results) {
    if (value.isTensor()) {
        results.add(std::move(value).toTensor());
    } else if (value.isNone()) {
        results.add_none();
    } else if (value.isInt()) {
        results.add(value.toInt());
    } else if (value.isDouble()) {
        results.add(value.toDouble());
    } else if (value.isBool()) {
        results.add(value.toBool());
    } else if (value.isComplexDouble()) {
        results.add_complex(value.toComplexDouble().real(), value.toComplexDouble().imag());
    } else if (value.isTensorList()) {
        for (const at::Tensor& tensor : value.toTensorVector()) results.add(tensor);
    } else if (value.isIntList()) {
        for (const int64_t item : value.toIntVector()) results.add(item);
    } else {
        TORCH_CHECK(false, "a result of type ", value.tagKind(), " is not supported");
    }
}

// One argument stack a thread, so that a call allocates none; a call made inside a call finds it taken and gets a fresh one.
std::vector<c10::IValue>& spare_stack() {
    thread_local std::vector<c10::IValue> stack;
    return stack;
}

}

}

using namespace adaqat;

// Looks an operator up by its schema's name and overload. The answer is never freed: operators live as long as the process.
ADAQAT_API Status adaqat_operation(const char* name, const char* overload, void** operation) {
    return guarded([&] { *operation = new Operation(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload)); });
}

// Calls an operator. Arguments are positional; trailing ones that have a default may be left out. Lists among the results come flattened.
ADAQAT_API Status adaqat_call(void* operation, const Value* arguments, int32_t count, Value** results, int32_t* result_count) {
    return guarded([&] {
        const auto& op = *static_cast<Operation*>(operation);
        const auto given = static_cast<size_t>(count);
        TORCH_CHECK(given <= op.arguments.size(), op.handle.schema().name(), " takes ", op.arguments.size(), " arguments, not ", given);
        auto stack = std::move(spare_stack());
        stack.clear();
        for (size_t i = 0; i < given; ++i) stack.push_back(to_ivalue(arguments[i], op.takes_real[i], op.takes_real_list[i]));
        for (size_t i = given; i < op.arguments.size(); ++i) {
            const auto& fallback = op.arguments[i].default_value();
            TORCH_CHECK(fallback.has_value(), op.handle.schema().name(), " needs its argument ", op.arguments[i].name());
            stack.push_back(*fallback);
        }
        op.handle.callBoxed(&stack);
        auto& out = Results::of_this_thread();
        out.clear();
        for (auto& value : stack) collect(std::move(value), out);
        stack.clear();
        spare_stack() = std::move(stack);
        *results = out.data();
        *result_count = out.count();
    });
}
