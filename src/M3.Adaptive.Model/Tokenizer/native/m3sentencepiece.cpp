#include "m3sentencepiece.h"

#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

namespace sp = sentencepiece;

struct m3sp_model {
  sp::SentencePieceProcessor processor;
};

namespace {

thread_local std::string last_error;

template <class F>
int guarded(F&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const std::exception& e) {
    last_error = e.what();
    return 1;
  } catch (...) {
    last_error = "unknown C++ exception";
    return 2;
  }
}

void check(const sp::util::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

template <class T, class Container>
void hand_over(const Container& result, T* buffer, int64_t capacity, int64_t* count) {
  *count = static_cast<int64_t>(result.size());
  if (*count > 0 && *count <= capacity) std::memcpy(buffer, result.data(), result.size() * sizeof(T));
}

// The caller's sentences, one after the other, without a copy of the whole text.
class Sentences final : public sp::SentenceIterator {
 public:
  Sentences(const char* text, const int64_t* ends, int64_t count) : text_(text), ends_(ends), count_(count) { Read(); }
  bool done() const override { return index_ >= count_; }
  void Next() override { ++index_; Read(); }
  const std::string& value() const override { return value_; }
  sp::util::Status status() const override { return {}; }

 private:
  void Read() {
    if (done()) return;
    const int64_t start = index_ == 0 ? 0 : ends_[index_ - 1];
    value_.assign(text_ + start, static_cast<size_t>(ends_[index_] - start));
  }

  const char* text_;
  const int64_t* ends_;
  int64_t count_;
  int64_t index_ = 0;
  std::string value_;
};

}  // namespace

const char* m3sp_last_error() noexcept { return last_error.c_str(); }

int m3sp_open(const uint8_t* bytes, int64_t size, m3sp_model** model, m3sp_vocabulary* vocabulary) noexcept {
  return guarded([&] {
    auto opened = std::make_unique<m3sp_model>();
    check(opened->processor.LoadFromSerializedProto({reinterpret_cast<const char*>(bytes), static_cast<size_t>(size)}));
    const auto& p = opened->processor;
    *vocabulary = {p.GetPieceSize(), p.unk_id(), p.bos_id(), p.eos_id()};
    *model = opened.release();
  });
}

void m3sp_close(m3sp_model* model) noexcept { delete model; }

int m3sp_encode(const m3sp_model* model, const char* text, int64_t size, int32_t* ids, int64_t capacity, int64_t* count) noexcept {
  return guarded([&] {
    std::vector<int> encoded;
    check(model->processor.Encode({text, static_cast<size_t>(size)}, &encoded));
    hand_over(encoded, ids, capacity, count);
  });
}

int m3sp_decode(const m3sp_model* model, const int32_t* ids, int64_t size, char* text, int64_t capacity, int64_t* count) noexcept {
  return guarded([&] {
    std::string decoded;
    check(model->processor.Decode(std::vector<int>(ids, ids + size), &decoded));
    hand_over(decoded, text, capacity, count);
  });
}

int m3sp_piece(const m3sp_model* model, int32_t id, char* piece, int64_t capacity, int64_t* count) noexcept {
  return guarded([&] { hand_over(model->processor.IdToPiece(id), piece, capacity, count); });
}

int m3sp_train(const char* const* keys, const char* const* values, int32_t options, const char* sentences,
               const int64_t* ends, int64_t sentence_count, uint8_t** bytes, int64_t* size) noexcept {
  return guarded([&] {
    std::unordered_map<std::string, std::string> arguments;
    for (int32_t i = 0; i < options; ++i) arguments[keys[i]] = values[i];
    Sentences iterator(sentences, ends, sentence_count);
    std::string trained;
    check(sp::SentencePieceTrainer::Train(arguments, &iterator, &trained));
    auto copy = std::make_unique<uint8_t[]>(trained.size());
    std::memcpy(copy.get(), trained.data(), trained.size());
    *size = static_cast<int64_t>(trained.size());
    *bytes = copy.release();
  });
}

void m3sp_free(uint8_t* bytes) noexcept { delete[] bytes; }
