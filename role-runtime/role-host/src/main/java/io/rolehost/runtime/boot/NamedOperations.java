package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.api.Operations;
import io.rolehost.runtime.management.Managed.Answer;
import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the role shows to operators under names of its own. Summaries are made on threads of their
 * own, one at a time for each name, so that one that hangs costs {@code /status} a moment and no
 * more. Any thread.
 */
final class NamedOperations {

  /** How long {@code /status} waits for all summaries together; a live one takes microseconds. */
  static final Duration WAIT = Duration.ofMillis(250);

  /** A role has a handful; more is a loop that registers. */
  static final int MOST = 100;

  private static final System.Logger LOG = System.getLogger(NamedOperations.class.getName());
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,49}");

  private final Map<String, Named> all = new LinkedHashMap<>();
  private final Ticks ticks;
  private final Consumer<Throwable> thrown;

  /**
   * Starts with none.
   *
   * @param thrown is told what the role's code throws, before anything else is done with it
   */
  NamedOperations(Ticks ticks, Consumer<Throwable> thrown) {
    this.ticks = ticks;
    this.thrown = thrown;
  }

  /**
   * Adds one.
   *
   * @throws IllegalArgumentException if the name is taken, or is no lower-case word
   */
  void add(String name, Operations operations) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "The name of operations is a lower-case word of up to 50 letters, digits and dashes,"
              + " since it is part of a path; was \""
              + name
              + "\"");
    }
    synchronized (all) {
      if (all.size() >= MOST) {
        throw new IllegalArgumentException(
            "There are " + MOST + " operations; \"" + name + "\" would be one too many.");
      }
      if (all.putIfAbsent(name, new Named(name, operations)) != null) {
        throw new IllegalArgumentException(
            "There are operations named \"" + name + "\" already. Give each its own name.");
      }
    }
  }

  /** Returns the summaries by name, each as it is now or, where it does not come, as it was. */
  Map<String, Object> summaries() {
    List<Named> named = snapshot();
    named.forEach(Named::ask);
    long end = ticks.nanos() + WAIT.toNanos();
    Map<String, Object> values = new LinkedHashMap<>();
    named.forEach(one -> values.put(one.name, one.summary(end)));
    return values;
  }

  /** Returns more of one. May take as long as the role's code. */
  Answer look(String name, Map<String, String> query) {
    return answer(name, operations -> operations.look(query));
  }

  /** Acts, and says what came of it. May take as long as the role's code. */
  Answer act(String name, String verb, Map<String, String> parameters, String by) {
    return answer(name, operations -> operations.act(verb, parameters, by));
  }

  private interface Question {
    Operations.Answer of(Operations operations);
  }

  private Answer answer(String name, Question question) {
    Optional<Named> found = find(name);
    if (found.isEmpty()) {
      return unknown(name);
    }
    try {
      Operations.Answer answer = question.of(found.get().operations);
      return answer.status() >= 400
          ? problem(answer.status(), answer.body())
          : new Answer(answer.status(), copy(answer.body()));
    } catch (Throwable e) { // the border to the role's code
      thrown.accept(e);
      LOG.log(WARNING, "The operations \"" + name + "\" failed", e);
      return problem(
          500, Map.of("detail", "The operations \"" + name + "\" failed: " + e + ". See the log."));
    }
  }

  private Answer unknown(String name) {
    List<String> names = snapshot().stream().map(one -> one.name).toList();
    return problem(
        404,
        Map.of(
            "detail",
            names.isEmpty()
                ? "This role has no operations, so none named \"" + name + "\"."
                : "There are no operations named \"" + name + "\"; there are " + names + ".",
            "names",
            names));
  }

  /** Answers for an instance whose role does not exist yet. */
  static Answer none(String state) {
    return problem(
        409, Map.of("detail", "The instance is " + state + " and has no operations yet."));
  }

  private static Answer problem(int status, Map<String, Object> body) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("type", "about:blank");
    values.put("title", status == 404 ? "Not Found" : status < 500 ? "Refused" : "Internal Error");
    values.put("status", status);
    values.putAll(copy(body));
    return new Answer(status, values);
  }

  private Optional<Named> find(String name) {
    synchronized (all) {
      return Optional.ofNullable(all.get(name));
    }
  }

  private List<Named> snapshot() {
    synchronized (all) {
      return List.copyOf(all.values());
    }
  }

  private static Map<String, Object> copy(Map<String, Object> values) {
    return PlainValues.copy(values);
  }

  /** One name, its last summary, and whether a newer one is on its way. */
  private final class Named {
    private final String name;
    private final Operations operations;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();
    private boolean asking;
    private @Nullable Map<String, Object> last;

    private Named(String name, Operations operations) {
      this.name = name;
      this.operations = operations;
    }

    private void ask() {
      lock.lock();
      try {
        if (!asking) {
          asking = true;
          Thread.ofVirtual().name("operations-" + name).start(this::call);
        }
      } finally {
        lock.unlock();
      }
    }

    private void call() {
      Map<String, Object> made;
      try {
        made = copy(operations.summary());
      } catch (Throwable e) { // the border to the role's code
        thrown.accept(e);
        made = Map.of("problem", "the summary failed: " + e);
        logOnce(made, e);
      }
      lock.lock();
      try {
        last = made;
        asking = false;
        answered.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** Whoever watches /status asks each second. */
    private void logOnce(Map<String, Object> problem, Throwable failure) {
      lock.lock();
      try {
        if (problem.equals(last)) {
          return;
        }
      } finally {
        lock.unlock();
      }
      LOG.log(WARNING, "The summary of the operations \"" + name + "\" failed", failure);
    }

    private Map<String, Object> summary(long end) {
      lock.lock();
      try {
        while (asking && end - ticks.nanos() > 0) {
          var _ = answered.await(end - ticks.nanos(), TimeUnit.NANOSECONDS);
        }
        return asking ? stale() : last == null ? Map.of() : last;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return stale();
      } finally {
        lock.unlock();
      }
    }

    private Map<String, Object> stale() {
      Map<String, Object> values = new LinkedHashMap<>(last == null ? Map.of() : last);
      values.put(
          "problem",
          "the summary did not come in "
              + WAIT.toMillis()
              + " ms"
              + (last == null ? "" : "; these are older values"));
      return values;
    }
  }
}
