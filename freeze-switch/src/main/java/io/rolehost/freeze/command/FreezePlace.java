package io.rolehost.freeze.command;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.rolehost.freeze.FileSource;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options every verb has, and what every verb does with them. */
final class FreezePlace {

  /** The command line was wrong; sysexits' EX_USAGE. */
  static final int USAGE = 64;

  /** It could not be done now; sysexits' EX_TEMPFAIL. */
  static final int TRY_AGAIN = 75;

  /** The name of the source that needs no other jar. */
  private static final String FILE = "file";

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description =
          "The state directory of the role or node. Default: $$ROLEHOST_STATE_DIR, else"
              + " $$STATE_DIRECTORY, else ./.rolehost")
  private @Nullable Path stateDir;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description =
          "Which freezes: file (the default), those in the state directory; or the name of a source"
              + " on the class path, such as postgres.")
  private String source = FILE;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The configuration file that says where that source is. Variables such as"
              + " $$ROLEHOST_FREEZE_POSTGRES_URL go first.")
  private @Nullable Path config;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  /**
   * Returns the freeze file, or the source that was asked for.
   *
   * @throws IllegalArgumentException if there is no state directory, or no such source
   */
  FreezeStore store() {
    if (!source.equals(FILE)) {
      return NamedSource.open(source, config, System.getenv());
    }
    return new FileSource(stateFolder().resolve("freeze.conf"));
  }

  /**
   * Returns the state directory, whose instances are those that can be waited for.
   *
   * @throws IllegalArgumentException if there is none
   */
  Path stateFolder() {
    return StateFolder.find(stateDir, System.getenv(), Path.of("").toAbsolutePath());
  }

  /** What to end with when the command line asks for what can't be; the message is enough. */
  int wrong(IllegalArgumentException why) {
    warn(why.getMessage() + " (--help shows the options)");
    return USAGE;
  }

  /** What to end with when the file could not be written. */
  int notStored(IOException why) {
    warn(String.valueOf(why.getMessage()));
    return TRY_AGAIN;
  }

  /** Returns where a store keeps its freezes, for people. */
  static String where(FreezeStore store) {
    return store instanceof FileSource file ? file.file().toString() : store.name();
  }

  /**
   * Returns the first value of every JSON answer: {@code file} with its path, or {@code source}.
   */
  static Map<String, Object> values(FreezeStore store) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(store instanceof FileSource ? "file" : "source", where(store));
    return values;
  }

  /** Returns where to tell what is waited for; empty where a program reads. */
  Optional<ProgressLine> progress() {
    return json ? Optional.empty() : Optional.of(ProgressLine.ofLongWaits(commandLine().getOut()));
  }

  void print(String line) {
    commandLine().getOut().println(line);
    commandLine().getOut().flush();
  }

  void warn(String line) {
    commandLine().getErr().println(line);
    commandLine().getErr().flush();
  }

  void print(Map<String, Object> values) {
    print(
        ConfigValueFactory.fromMap(values)
            .render(ConfigRenderOptions.concise().setFormatted(false)));
  }

  /** Describes a freeze in one line. */
  static String describe(Freeze freeze, Instant now) {
    StringBuilder line = new StringBuilder();
    line.append(freeze.scope()).append(" by ").append(freeze.owner());
    line.append(" since ").append(toSeconds(freeze.since()));
    if (freeze.until().isPresent()) {
      Instant until = freeze.until().get();
      line.append(freeze.endedAt(now) ? ", ended " : ", until ").append(toSeconds(until));
      if (!freeze.endedAt(now)) {
        line.append(" (").append(minutesUp(Duration.between(now, until))).append(" min)");
      }
    }
    if (freeze.hold()) {
      line.append(", holds what runs");
    }
    if (freeze.auto().isPresent()) {
      line.append(", automatic");
    }
    line.append(": ").append(freeze.reason());
    freeze.evidence().ifPresent(more -> line.append(" [").append(more).append(']'));
    return line.append(" (id ").append(freeze.id()).append(')').toString();
  }

  /** Returns whole minutes, a begun one among them. */
  private static long minutesUp(Duration left) {
    return left.plusMinutes(1).minusNanos(1).toMinutes();
  }

  private static Instant toSeconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("Not part of a command line");
    }
    return spec.commandLine();
  }
}
