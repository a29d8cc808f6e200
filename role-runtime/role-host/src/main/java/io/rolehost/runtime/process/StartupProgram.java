package io.rolehost.runtime.process;

import io.rolehost.runtime.config.HostSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One startup task and what became of it. Safe for all threads. */
final class StartupProgram {

  /** Where a task is. */
  enum State {
    WAITING,
    RUNNING,
    ENDED,
    FAILED,
    TIMED_OUT,
    NOT_STARTED,
    STOPPED
  }

  /** The JDK gives the errno in the text alone, in one of two forms. */
  private static final Pattern ERROR = Pattern.compile("error[:=] ?(\\d+)");

  private static final int LAST_LINES = 20;
  private static final int LAST_LINE_CHARS = 400;

  /** What a task left behind may hold its output open; then the last lines are what there was. */
  private static final Duration OUTPUT_PATIENCE = Duration.ofMillis(500);

  private final HostSettings.StartupTask task;
  private final Ticks ticks;
  private final Consumer<String> line;
  private final Deque<String> last = new ArrayDeque<>();
  private final CountDownLatch outputEnded = new CountDownLatch(1);
  private State state = State.WAITING;
  private @Nullable Process process;
  private String failure = "";
  private long startedNanos;
  private long tookNanos;
  private int exitCode;

  StartupProgram(HostSettings.StartupTask task, Ticks ticks, Consumer<String> line) {
    this.task = task;
    this.ticks = ticks;
    this.line = line;
  }

  HostSettings.StartupTask task() {
    return task;
  }

  synchronized boolean isRunning() {
    return state == State.RUNNING;
  }

  synchronized Optional<ProcessHandle> handle() {
    return Optional.ofNullable(process).map(Process::toHandle);
  }

  /**
   * Starts the program.
   *
   * @param environment changes the one inherited
   * @return why it can't be started, or empty
   */
  synchronized Optional<String> start(UnaryOperator<Map<String, String>> environment) {
    ProcessBuilder builder = new ProcessBuilder(task.command()).redirectErrorStream(true);
    Map<String, String> variables = environment.apply(Map.copyOf(builder.environment()));
    builder.environment().clear();
    builder.environment().putAll(variables);
    startedNanos = ticks.nanos();
    if (task.command().isEmpty()) {
      state = State.NOT_STARTED;
      failure = named() + " could not be started: its command is empty.";
      return Optional.of(failure);
    }
    try {
      Process started = builder.start();
      process = started;
      state = State.RUNNING;
      Thread.ofPlatform().daemon().name("rolehost-task-" + task.name()).start(() -> read(started));
      started.getOutputStream().close();
      return Optional.empty();
    } catch (IOException e) {
      if (process != null) {
        return Optional.empty(); // it runs; that its standard input is gone already is no harm
      }
      state = State.NOT_STARTED;
      failure = notStarted(e);
      return Optional.of(failure);
    }
  }

  /**
   * Waits for the end.
   *
   * @param limit null = none
   * @return true if it ended, false if the limit passed first
   */
  boolean await(@Nullable Duration limit) throws InterruptedException {
    Process running = process();
    if (running == null) {
      return true;
    }
    if (limit == null) {
      var _ = running.waitFor();
      return true;
    }
    return running.waitFor(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
  }

  /** Notes how it ended; returns why that is a failure, or empty. */
  Optional<String> ended() throws InterruptedException {
    var _ = outputEnded.await(OUTPUT_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    synchronized (this) {
      Process of = process;
      if (of == null || state != State.RUNNING) {
        return failure.isEmpty() ? Optional.empty() : Optional.of(failure);
      }
      exitCode = of.exitValue();
      tookNanos = ticks.nanos() - startedNanos;
      if (exitCode == 0) {
        state = State.ENDED;
        return Optional.empty();
      }
      state = State.FAILED;
      failure = described("ended with exit code " + exitCode + signal(exitCode));
      return Optional.of(failure);
    }
  }

  /** Notes that it ran past its limit; returns the failure. */
  synchronized String timedOut() {
    state = State.TIMED_OUT;
    tookNanos = ticks.nanos() - startedNanos;
    failure =
        described(
            "did not end within its limit of "
                + text(task.timeout())
                + " and was ended with all it had started");
    return failure;
  }

  /** Notes that it is being ended because of a stop. */
  synchronized void stopped() {
    if (state == State.RUNNING || state == State.WAITING) {
      tookNanos = state == State.RUNNING ? ticks.nanos() - startedNanos : 0;
      state = State.STOPPED;
    }
  }

  /** Returns what {@code /status} shows. */
  synchronized Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", task.name());
    facts.put("type", key(task.type().name()));
    facts.put("state", key(state.name()));
    if (state == State.ENDED || state == State.FAILED) {
      facts.put("exitCode", exitCode);
    }
    if (state != State.WAITING && state != State.NOT_STARTED) {
      long nanos = state == State.RUNNING ? ticks.nanos() - startedNanos : tookNanos;
      facts.put("seconds", TimeUnit.NANOSECONDS.toMillis(nanos) / 1000.0);
    }
    if (!failure.isEmpty()) {
      facts.put("failure", failure);
    }
    synchronized (last) {
      facts.put("lastOutput", List.copyOf(last));
    }
    return facts;
  }

  private synchronized @Nullable Process process() {
    return process;
  }

  private void read(Process from) {
    LineSplitter splitter = new LineSplitter(Charset.defaultCharset(), this::printed);
    byte[] buffer = new byte[8192];
    try (InputStream output = from.getInputStream()) {
      for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
        splitter.accept(buffer, 0, n);
      }
    } catch (IOException e) {
      // The end of a process may come as an exception: its output is at an end either way.
    } finally {
      splitter.finish();
      outputEnded.countDown();
    }
  }

  private void printed(String text) {
    String safe = LogLines.safe(text);
    synchronized (last) {
      if (last.size() == LAST_LINES) {
        last.removeFirst();
      }
      last.addLast(
          safe.length() <= LAST_LINE_CHARS ? safe : safe.substring(0, LAST_LINE_CHARS) + "…");
    }
    line.accept("[" + task.name() + "] " + safe);
  }

  private String described(String what) {
    StringBuilder text = new StringBuilder(named()).append(' ').append(what).append('.');
    synchronized (last) {
      if (last.isEmpty()) {
        text.append(" It printed nothing.");
      } else {
        text.append(" Its last output: ").append(String.join(" | ", last));
      }
    }
    return text.toString();
  }

  private String named() {
    return "Startup task \"" + task.name() + "\" (rolehost.start.tasks)";
  }

  private String notStarted(IOException e) {
    String program = task.command().getFirst();
    String message = String.valueOf(e.getMessage());
    Matcher error = ERROR.matcher(message);
    String why =
        switch (error.find() ? error.group(1) : "") {
          case "2" ->
              program.contains("/")
                  ? "was not found; a relative path starts at the working directory "
                      + System.getProperty("user.dir")
                  : "was not found in PATH ("
                      + System.getenv().getOrDefault("PATH", "which is not set")
                      + "). Give its full path; there is no shell in between, for one write"
                      + " [\"/bin/sh\", \"-c\", \"…\"]";
          case "13" -> "may not be executed; is its x bit set (chmod +x)?";
          case "8" -> "is no program; a script needs a first line such as #!/bin/sh";
          default -> "can't be started: " + message;
        };
    return named()
        + " could not be started: the program \""
        + program
        + "\" "
        + why
        + (why.endsWith("?") ? "" : ".");
  }

  private static String signal(int code) {
    return code > 128 && code < 160 ? " (signal " + (code - 128) + ")" : "";
  }

  private static String text(Duration limit) {
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }

  private static String key(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
