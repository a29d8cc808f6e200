package io.rolehost.runtime.process;

import io.rolehost.runtime.config.Json;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JDK's JSON dump thread by thread: the whole may have gigabytes, and what is looked for
 * is in a few of its threads.
 */
final class ThreadDumpReader {

  /** Where the object of a thread begins: dump, containers, container, threads. */
  private static final String THREADS = "{{[{[";

  private static final int MAX_THREAD_CHARS = 1 << 20;
  private static final int MAX_THREADS = 10_000;
  private static final int MAX_STACK = 64;

  private final Reader dump;
  private final StringBuilder nesting = new StringBuilder();
  private final StringBuilder thread = new StringBuilder();
  private final List<ThreadFacts> found = new ArrayList<>();

  private ThreadDumpReader(Reader dump) {
    this.dump = dump;
  }

  /** Returns the threads with a monitor, at most 10,000, in the order of the dump. */
  static List<ThreadFacts> read(Reader dump) throws IOException {
    ThreadDumpReader reader = new ThreadDumpReader(dump);
    reader.scan();
    return reader.found;
  }

  private void scan() throws IOException {
    boolean quoted = false;
    boolean escaped = false;
    for (int c = dump.read(); c >= 0 && found.size() < MAX_THREADS; c = dump.read()) {
      if (!quoted && (c == '{' || c == '[')) {
        nesting.append((char) c);
      }
      boolean inThread = nesting.length() > THREADS.length() && nesting.indexOf(THREADS) == 0;
      if (inThread && thread.length() < MAX_THREAD_CHARS) {
        thread.append((char) c);
      }
      if (quoted) {
        quoted = escaped || c != '"';
        escaped = !escaped && c == '\\';
      } else if (c == '"') {
        quoted = true;
      } else if ((c == '}' || c == ']') && !nesting.isEmpty()) {
        nesting.setLength(nesting.length() - 1);
        if (inThread && nesting.length() == THREADS.length()) {
          threadRead();
        }
      }
    }
  }

  private void threadRead() {
    String text = thread.toString();
    thread.setLength(0);
    boolean telling = text.contains("\"blockedOn\"") || text.contains("\"monitorsOwned\"");
    if (telling && text.length() < MAX_THREAD_CHARS) {
      found.add(facts(Json.parse(text)));
    }
  }

  private static ThreadFacts facts(Map<String, Object> thread) {
    return new ThreadFacts(
        number(thread.get("tid")).orElse(0),
        text(thread.get("name")).orElse(""),
        text(thread.get("blockedOn")),
        text(thread.get("waitingOn")),
        owned(thread.get("monitorsOwned")),
        texts(thread.get("stack")).limit(MAX_STACK).toList());
  }

  private static List<String> owned(@Nullable Object frames) {
    return elements(frames)
        .flatMap(frame -> frame instanceof Map<?, ?> map ? texts(map.get("locks")) : Stream.of())
        .distinct()
        .toList();
  }

  /** A monitor that the compiler found needless is null in the dump. */
  private static Stream<String> texts(@Nullable Object list) {
    return elements(list).filter(String.class::isInstance).map(String.class::cast);
  }

  private static Stream<?> elements(@Nullable Object list) {
    return list instanceof List<?> elements ? elements.stream() : Stream.of();
  }

  private static Optional<String> text(@Nullable Object value) {
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** The JDK writes its longs as text, for readers whose numbers are floating. */
  private static OptionalLong number(@Nullable Object value) {
    return switch (value) {
      case String digits when digits.matches("\\d{1,18}") ->
          OptionalLong.of(Long.parseLong(digits));
      case Number number -> OptionalLong.of(number.longValue());
      case null, default -> OptionalLong.empty();
    };
  }
}
