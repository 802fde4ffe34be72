// A flat C ABI over SentencePiece's own library.
//
// Every function that can fail returns 0 on success; any other value means that m3sp_last_error() holds the reason on the
// same thread. Texts are UTF-8 with an explicit size and may hold U+0000. A result goes into the caller's buffer: *count
// receives the size it needs, and nothing is written when the capacity is smaller.
#pragma once

#include <cstdint>

#define M3SP_EXPORT extern "C" __attribute__((visibility("default")))

struct m3sp_model;

struct m3sp_vocabulary {
  int32_t pieces;
  int32_t unknown;  // ids of the control pieces, -1 where the model has none
  int32_t begin;
  int32_t end;
};

// Message of the last failure on this thread; valid until the next failure on it.
M3SP_EXPORT const char* m3sp_last_error() noexcept;

// Loads a serialized model. The caller owns *model and gives it back with m3sp_close. Safe to use from several threads.
M3SP_EXPORT int m3sp_open(const uint8_t* bytes, int64_t size, m3sp_model** model, m3sp_vocabulary* vocabulary) noexcept;
M3SP_EXPORT void m3sp_close(m3sp_model* model) noexcept;

M3SP_EXPORT int m3sp_encode(const m3sp_model* model, const char* text, int64_t size, int32_t* ids, int64_t capacity, int64_t* count) noexcept;
M3SP_EXPORT int m3sp_decode(const m3sp_model* model, const int32_t* ids, int64_t size, char* text, int64_t capacity, int64_t* count) noexcept;
M3SP_EXPORT int m3sp_piece(const m3sp_model* model, int32_t id, char* piece, int64_t capacity, int64_t* count) noexcept;

// Trains a model. Options are SentencePiece's own flags (key and value, zero-terminated); sentence i ends before ends[i] in
// `sentences`. The caller owns *bytes and gives it back with m3sp_free.
M3SP_EXPORT int m3sp_train(const char* const* keys, const char* const* values, int32_t options, const char* sentences,
                           const int64_t* ends, int64_t sentence_count, uint8_t** bytes, int64_t* size) noexcept;
M3SP_EXPORT void m3sp_free(uint8_t* bytes) noexcept;
