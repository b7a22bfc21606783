#include "errors.h"
#include "handles.h"

#include <ATen/Context.h>

#include <mutex>

using namespace adaqat;

namespace {

at::Generator borrow_generator(c10::GeneratorImpl* generator) {
    return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(generator));
}

at::Generator default_generator(int32_t device_type, int32_t device_index) {
    return at::globalContext().defaultGenerator(
        c10::Device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index)));
}

}

// Seeds the generators of every device.
ADAQAT_API Status adaqat_manual_seed(int64_t seed) {
    return guarded([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

ADAQAT_API Status adaqat_generator_default(int32_t device_type, int32_t device_index, c10::GeneratorImpl** result) {
    return guarded([&] { *result = default_generator(device_type, device_index).unsafeReleaseGeneratorImpl(); });
}

// A generator of its own; cloning the default one makes the right kind for any device.
ADAQAT_API Status adaqat_generator_new(int32_t device_type, int32_t device_index, uint64_t seed, c10::GeneratorImpl** result) {
    return guarded([&] {
        auto source = default_generator(device_type, device_index);
        auto generator = [&] {
            const std::lock_guard<std::mutex> lock(source.mutex());
            return source.clone();
        }();
        generator.set_current_seed(seed);
        *result = generator.unsafeReleaseGeneratorImpl();
    });
}

ADAQAT_API void adaqat_generator_release(c10::GeneratorImpl* generator) {
    (void)c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(generator);
}

ADAQAT_API Status adaqat_generator_set_seed(c10::GeneratorImpl* handle, uint64_t seed) {
    return guarded([&] {
        auto generator = borrow_generator(handle);
        const std::lock_guard<std::mutex> lock(generator.mutex());
        generator.set_current_seed(seed);
    });
}

ADAQAT_API Status adaqat_generator_seed(c10::GeneratorImpl* handle, uint64_t* seed) {
    return guarded([&] {
        auto generator = borrow_generator(handle);
        const std::lock_guard<std::mutex> lock(generator.mutex());
        *seed = generator.seed();
    });
}

ADAQAT_API Status adaqat_generator_initial_seed(c10::GeneratorImpl* handle, uint64_t* seed) {
    return guarded([&] {
        auto generator = borrow_generator(handle);
        const std::lock_guard<std::mutex> lock(generator.mutex());
        *seed = generator.current_seed();
    });
}

ADAQAT_API Status adaqat_generator_state(c10::GeneratorImpl* handle, Handle* state) {
    return guarded([&] {
        auto generator = borrow_generator(handle);
        const std::lock_guard<std::mutex> lock(generator.mutex());
        *state = hand_out(generator.get_state());
    });
}

ADAQAT_API Status adaqat_generator_set_state(c10::GeneratorImpl* handle, Handle state) {
    return guarded([&] {
        auto generator = borrow_generator(handle);
        const std::lock_guard<std::mutex> lock(generator.mutex());
        generator.set_state(borrow(state));
    });
}
