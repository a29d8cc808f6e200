package io.rolehost.jobs.boot;

import com.typesafe.config.Config;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.RoleContext;
import io.rolehost.jobs.engine.BrokerAddress;
import io.rolehost.jobs.engine.BrokerKind;
import io.rolehost.jobs.engine.LocalBroker;
import io.rolehost.jobs.http.HttpJobsSettings;
import io.rolehost.jobs.ledger.LedgerSettings;
import io.rolehost.jobs.operate.Reports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The settings of background work, {@code rolehost.jobs}; {@code reference.conf} documents each.
 *
 * @param directory of ledger, journal and {@code broker.conf}
 * @param sendTimeout how long a send may wait for the broker
 * @param finishWithin how long handlers may go on after a stop was asked
 * @param reports from when on something is reported as unhealthy
 */
public record JobsSettings(
    Path directory,
    Broker broker,
    Ledger ledger,
    Duration sendTimeout,
    Duration finishWithin,
    OnFreeze onFreeze,
    Reports reports,
    HttpJobsSettings http) {

  static final String ROOT = "rolehost.jobs";

  private static final String LEDGER_FILE = "ledger.db";

  /** Every key. */
  static final List<String> KEYS =
      List.of(
          "directory",
          "broker.url",
          "broker.kind",
          "broker.user",
          "broker.password",
          "broker.password-file",
          "broker.embedded",
          "broker.lost-after",
          "broker.host",
          "broker.port",
          "broker.memory",
          "broker.max-disk-usage",
          "send.timeout",
          "finish-within",
          "on-freeze",
          "ledger.url",
          "ledger.user",
          "ledger.password",
          "ledger.password-file",
          "ledger.wait",
          "ledger.keep",
          "report.oldest-message",
          "report.dead-letters",
          "http.callback-hosts",
          "http.callback-secret",
          "http.callback-secret-file",
          "http.callback-timeout",
          "http.announce-ends",
          "http.keep-keys",
          "http.retry-after",
          "http.followers");

  /** Whether a process may run the broker inside itself. */
  public enum Embedded {
    /** Unless a node started it. */
    AUTO,
    /** It may. */
    ON,
    /** It may not. */
    OFF
  }

  /** What a freeze does to a role that runs. */
  public enum OnFreeze {
    /** It goes on. */
    WORK,
    /** It takes no messages. */
    PAUSE
  }

  /**
   * Where the broker is, or how one is started.
   *
   * @param url empty to find or start one by the directory
   * @param kind of the one at the URL
   * @param user empty for none, or a random one
   * @param password never shown
   * @param memory for messages, in bytes
   * @param maxDiskUsage percent
   */
  public record Broker(
      Optional<String> url,
      BrokerKind kind,
      String user,
      String password,
      Embedded embedded,
      Duration lostAfter,
      String host,
      int port,
      long memory,
      int maxDiskUsage) {

    @Override
    public String toString() {
      return "Broker[url=" + url.map(BrokerAddress::shown) + ", embedded=" + embedded + "]";
    }
  }

  /**
   * Where the ledger is.
   *
   * @param url empty for a file in the directory
   * @param password never shown
   * @param patience how long a call may wait
   * @param keep how long the row of an ended job stays
   */
  public record Ledger(
      Optional<String> url, String user, String password, Duration patience, Duration keep) {

    @Override
    public String toString() {
      return "Ledger[url=" + url.map(LedgerSettings::shown) + "]";
    }
  }

  /**
   * Reads the settings of a role.
   *
   * @throws PermanentFailureException naming all that is wrong
   */
  public static JobsSettings of(RoleContext context) {
    return of(context.config(), context.stateDirectory(), Runtime.getRuntime().maxMemory());
  }

  /** Reads settings: pure but for files with passwords. */
  static JobsSettings of(Config config, Path stateDirectory, long heap) {
    JobsSettingsReader reader = new JobsSettingsReader(config);
    JobsSettings settings =
        new JobsSettings(
            reader.text("directory").map(Path::of).orElse(stateDirectory.resolve("jobs")),
            new Broker(
                reader.text("broker.url"),
                reader.choice("broker.kind", BrokerKind.class, BrokerKind.AUTO),
                reader.text("broker.user").orElse(""),
                reader.secret("broker.password", "broker.password-file"),
                reader.choice("broker.embedded", Embedded.class, Embedded.AUTO),
                reader.duration("broker.lost-after", Duration.ofSeconds(20), Duration.ofSeconds(1)),
                reader.text("broker.host").orElse("127.0.0.1"),
                (int) reader.whole("broker.port", 0, 0, 65_535),
                reader.bytes("broker.memory", Math.min(64L << 20, heap / 4)),
                (int) reader.whole("broker.max-disk-usage", 90, 1, 100)),
            new Ledger(
                reader.text("ledger.url"),
                reader.text("ledger.user").orElse(""),
                reader.secret("ledger.password", "ledger.password-file"),
                reader.duration("ledger.wait", Duration.ofSeconds(10), Duration.ofMillis(1)),
                reader.duration("ledger.keep", Duration.ofDays(1), Duration.ofSeconds(1))),
            reader.duration("send.timeout", Duration.ofSeconds(10), Duration.ofMillis(1)),
            reader.duration("finish-within", Duration.ofSeconds(5), Duration.ofMillis(1)),
            reader.choice("on-freeze", OnFreeze.class, OnFreeze.WORK),
            new Reports(
                reader.duration(
                    "report.oldest-message", Reports.DEFAULT.oldestMessage(), Duration.ofMillis(1)),
                reader.whole(
                    "report.dead-letters", Reports.DEFAULT.deadLetters(), 0, Long.MAX_VALUE)),
            http(reader));
    reader.throwProblems();
    return settings;
  }

  private static HttpJobsSettings http(JobsSettingsReader reader) {
    HttpJobsSettings usual = HttpJobsSettings.USUAL;
    Duration second = Duration.ofSeconds(1);
    return new HttpJobsSettings(
        reader.texts("http.callback-hosts"),
        reader.secret("http.callback-secret", "http.callback-secret-file"),
        reader.duration("http.callback-timeout", usual.callbackTimeout(), second),
        reader.flag("http.announce-ends", usual.announceEnds()),
        reader.duration("http.keep-keys", usual.keyWindow(), second),
        reader.duration("http.retry-after", usual.retryAfter(), second),
        (int) reader.whole("http.followers", usual.streams(), 0, 100_000));
  }

  /** Returns how a broker of this directory is started here: with a new password each time. */
  public LocalBroker.Settings localBroker() {
    return new LocalBroker.Settings(
        directory.resolve("broker"),
        broker.host(),
        broker.port(),
        broker.user().isEmpty() ? "jobs" : broker.user(),
        broker.password().isEmpty() ? UUID.randomUUID().toString() : broker.password(),
        broker.maxDiskUsage(),
        broker.memory(),
        broker.lostAfter());
  }

  /** Returns whether there is a ledger, without opening it: a server, or a file that was made. */
  boolean hasLedger() {
    return ledger.url().isPresent() || Files.exists(directory.resolve(LEDGER_FILE));
  }

  /** Returns where the ledger is. */
  LedgerSettings ledgerSettings() {
    LedgerSettings place =
        ledger
            .url()
            .map(url -> LedgerSettings.server(url, ledger.user(), ledger.password()))
            .orElse(LedgerSettings.file(directory.resolve(LEDGER_FILE)));
    return new LedgerSettings(
        place.url(), place.user(), place.password(), ledger.patience(), place.connections());
  }
}
