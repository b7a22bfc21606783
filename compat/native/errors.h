#pragma once

#include "api.h"

#include <c10/util/Exception.h>

#include <stdexcept>
#include <string>

namespace adaqat {

// An exception that a managed callback threw, on its way through libtorch back to managed code, where `ticket` finds the
// original exception object again. libtorch copies exceptions from its worker threads, so this one carries no more than a number.
class ManagedException : public std::runtime_error {
public:
    ManagedException(int64_t ticket, const char* message) : std::runtime_error(message), ticket(ticket) {}
    const int64_t ticket;
};

void remember_error(std::string message, int64_t ticket);

// Runs `body`; no exception leaves it, because unwinding through managed frames ends the process.
template <class Body>
Status guarded(Body&& body) noexcept {
    try {
        body();
        return Ok;
    } catch (const ManagedException& e) {
        remember_error(e.what(), e.ticket);
    } catch (const c10::Error& e) {
        remember_error(e.what_without_backtrace(), 0);
    } catch (const std::exception& e) {
        remember_error(e.what(), 0);
    } catch (...) {
        remember_error("libtorch threw an exception of an unknown type", 0);
    }
    return Failed;
}

}
