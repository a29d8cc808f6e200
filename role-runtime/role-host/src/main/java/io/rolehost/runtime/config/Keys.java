package io.rolehost.runtime.config;

import com.typesafe.config.ConfigValue;
import io.rolehost.runtime.config.HostSettings.OnReturn;
import io.rolehost.runtime.config.HostSettings.StartupTask;
import io.rolehost.runtime.config.HostSettings.Uncaught;
import io.rolehost.runtime.lifecycle.OnTimeout;
import java.time.Duration;
import java.util.List;

/** Every key of the host. {@code reference.conf} documents them; a test keeps both the same. */
final class Keys {

  private static final Duration ZERO = Duration.ZERO;
  private static final Duration SOME = Duration.ofMillis(1);

  /** What {@code rolehost.profile} may say. */
  enum ProfileChoice {
    AUTO,
    AZURE,
    KUBERNETES,
    SYSTEMD,
    DEV
  }

  /** What {@code rolehost.log.to} may say. */
  enum LogTarget {
    FILE,
    STDOUT
  }

  /** What {@code rolehost.log.format} may say. */
  enum LogFormat {
    AUTO,
    TEXT,
    JSON
  }

  /** What {@code rolehost.log.level} may say. */
  enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARNING,
    ERROR,
    OFF
  }

  /** What an endpoint may speak. */
  enum Protocol {
    HTTP
  }

  static final Key<ProfileChoice> PROFILE = Key.choice("rolehost.profile", ProfileChoice.class);
  static final Key<String> DEPLOYMENT = Key.name("rolehost.deployment");
  static final Key<String> ROLE_NAME = Key.name("rolehost.role.name");
  static final Key<String> ROLE_CLASS = Key.text("rolehost.role.class");
  static final Key<List<String>> ROLE_MODULES = Key.texts("rolehost.role.modules");
  static final Key<Integer> INSTANCE = Key.whole("rolehost.instance", 0, Integer.MAX_VALUE);
  static final Key<String> STATE_DIR = Key.text("rolehost.state-dir");
  static final Key<String> TERMINATION_MESSAGE_PATH = Key.text("rolehost.termination-message-path");

  static final Key<Duration> START_TIMEOUT = Key.duration("rolehost.start.timeout", SOME);
  static final Key<OnTimeout> START_ON_TIMEOUT =
      Key.choice("rolehost.start.on-timeout", OnTimeout.class);
  static final Key<ConfigValue> START_TASKS = Key.anything("rolehost.start.tasks");
  static final Key<OnReturn> RUN_ON_RETURN = Key.choice("rolehost.run.on-return", OnReturn.class);

  static final Key<Duration> STOP_GRACE =
      Key.duration("rolehost.stop.grace", Duration.ofSeconds(1));
  static final Key<Duration> STOP_HARD_CAP =
      Key.duration("rolehost.stop.hard-cap", Duration.ofSeconds(1));
  static final Key<Duration> DRAIN_MIN = Key.duration("rolehost.stop.drain.min", ZERO);
  static final Key<Duration> DRAIN_QUIET = Key.duration("rolehost.stop.drain.quiet", ZERO);
  static final Key<Duration> DRAIN_CAP = Key.duration("rolehost.stop.drain.cap", ZERO);
  static final Key<Duration> KILL_RESERVE = Key.duration("rolehost.stop.kill-reserve", ZERO);
  static final Key<OnTimeout> STOP_ON_TIMEOUT =
      Key.choice("rolehost.stop.on-timeout", OnTimeout.class);

  static final Key<Uncaught> UNCAUGHT = Key.choice("rolehost.uncaught", Uncaught.class);
  static final Key<Duration> READINESS_MAX_AGE = Key.duration("rolehost.readiness.max-age", SOME);

  static final Key<String> MANAGEMENT_HOST = Key.text("rolehost.management.host");
  static final Key<Integer> MANAGEMENT_PORT = Key.port("rolehost.management.port");
  static final Key<String> MANAGEMENT_TOKEN = Key.text("rolehost.management.token");
  static final Key<String> MANAGEMENT_TOKEN_FILE = Key.text("rolehost.management.token-file");
  static final Key<String> MANAGEMENT_READ_TOKEN = Key.text("rolehost.management.read-token");
  static final Key<String> MANAGEMENT_READ_TOKEN_FILE =
      Key.text("rolehost.management.read-token-file");
  static final Key<String> MANAGEMENT_OPERATE_TOKEN = Key.text("rolehost.management.operate-token");
  static final Key<String> MANAGEMENT_OPERATE_TOKEN_FILE =
      Key.text("rolehost.management.operate-token-file");
  static final Key<String> MANAGEMENT_TLS_CERTIFICATE =
      Key.text("rolehost.management.tls.certificate");
  static final Key<String> MANAGEMENT_TLS_KEY = Key.text("rolehost.management.tls.key");
  static final Key<List<String>> ALLOWED_HOSTS = Key.texts("rolehost.management.allowed-hosts");
  static final Key<Integer> MAX_CONNECTIONS =
      Key.whole("rolehost.management.max-connections", 4, 100_000);
  static final Key<Integer> AGENT_CHECK_PORT = Key.port("rolehost.management.agent-check-port");

  static final Key<ConfigValue> FREEZE_ENABLED = Key.anything("rolehost.freeze.enabled");
  static final Key<Boolean> AUTO_ENABLED = Key.flag("rolehost.freeze.auto.enabled");
  static final Key<Integer> AUTO_ENDS = Key.whole("rolehost.freeze.auto.ends", 2, 1_000);
  static final Key<Integer> AUTO_SAME_FAILURE =
      Key.whole("rolehost.freeze.auto.same-failure", 2, 1_000);
  static final Key<Duration> AUTO_STABLE_WINDOW =
      Key.duration("rolehost.freeze.auto.stable-window", SOME);
  static final Key<Integer> AUTO_NEVER_STARTED =
      Key.whole("rolehost.freeze.auto.never-started", 2, 1_000);
  static final Key<Duration> AUTO_FOR = Key.duration("rolehost.freeze.auto.for", SOME);

  /** Checked by the source itself, which is in a jar of its own. */
  static final Key<ConfigValue> POSTGRES_URL = Key.anything("rolehost.freeze.postgres.url");

  static final Key<ConfigValue> POSTGRES_USER = Key.anything("rolehost.freeze.postgres.user");
  static final Key<ConfigValue> POSTGRES_PASSWORD =
      Key.anything("rolehost.freeze.postgres.password");
  static final Key<ConfigValue> POSTGRES_TABLE = Key.anything("rolehost.freeze.postgres.table");
  static final Key<ConfigValue> POSTGRES_POLL = Key.anything("rolehost.freeze.postgres.poll");

  static final Key<Protocol> ENDPOINT_PROTOCOL =
      Key.choice("rolehost.endpoints.*.protocol", Protocol.class);
  static final Key<String> ENDPOINT_HOST = Key.text("rolehost.endpoints.*.host");
  static final Key<Integer> ENDPOINT_PORT = Key.port("rolehost.endpoints.*.port");
  static final Key<Boolean> ENDPOINT_OPEN_BEFORE_READY =
      Key.flag("rolehost.endpoints.*.open-before-ready");
  static final Key<Boolean> ENDPOINT_INHERIT = Key.flag("rolehost.endpoints.*.inherit");
  static final Key<Long> ENDPOINT_MAX_BODY = Key.bytes("rolehost.endpoints.*.max-body", 0);

  static final Key<Integer> ENDPOINT_MAX_CONNECTIONS =
      Key.whole("rolehost.endpoints.*.max-connections", 1, 1_000_000);

  /** Looked at once a second. */
  static final Key<Duration> ENDPOINT_HEADER_TIMEOUT =
      Key.duration("rolehost.endpoints.*.header-timeout", Duration.ofSeconds(1));

  static final Key<Duration> ENDPOINT_BODY_TIMEOUT =
      Key.duration("rolehost.endpoints.*.body-timeout", Duration.ofSeconds(1));
  static final Key<Duration> ENDPOINT_ANSWER_TIMEOUT =
      Key.duration("rolehost.endpoints.*.answer-timeout", Duration.ofSeconds(1));
  static final Key<Duration> ENDPOINT_IDLE_TIMEOUT =
      Key.duration("rolehost.endpoints.*.idle-timeout", Duration.ofSeconds(1));

  static final Key<Boolean> LOCAL_CLEAN_ON_RECYCLE =
      Key.flag("rolehost.local-resources.*.clean-on-recycle");
  static final Key<Integer> LOCAL_SIZE_IN_MB =
      Key.whole("rolehost.local-resources.*.size-in-mb", 1, Integer.MAX_VALUE);

  static final Key<LogTarget> LOG_TO = Key.choice("rolehost.log.to", LogTarget.class);
  static final Key<LogFormat> LOG_FORMAT = Key.choice("rolehost.log.format", LogFormat.class);
  static final Key<LogLevel> LOG_LEVEL = Key.choice("rolehost.log.level", LogLevel.class);
  static final Key<Long> LOG_MAX_SIZE = Key.bytes("rolehost.log.max-size", 64 * 1024);
  static final Key<Integer> LOG_KEEP_FILES = Key.whole("rolehost.log.keep-files", 1, 10_000);

  /** All of them, in the order of {@code reference.conf}. */
  static final List<Key<?>> ALL =
      List.of(
          PROFILE,
          DEPLOYMENT,
          ROLE_NAME,
          ROLE_CLASS,
          ROLE_MODULES,
          INSTANCE,
          STATE_DIR,
          TERMINATION_MESSAGE_PATH,
          START_TIMEOUT,
          START_ON_TIMEOUT,
          START_TASKS,
          RUN_ON_RETURN,
          STOP_GRACE,
          STOP_HARD_CAP,
          DRAIN_MIN,
          DRAIN_QUIET,
          DRAIN_CAP,
          KILL_RESERVE,
          STOP_ON_TIMEOUT,
          UNCAUGHT,
          READINESS_MAX_AGE,
          MANAGEMENT_HOST,
          MANAGEMENT_PORT,
          MANAGEMENT_TOKEN,
          MANAGEMENT_TOKEN_FILE,
          MANAGEMENT_READ_TOKEN,
          MANAGEMENT_READ_TOKEN_FILE,
          MANAGEMENT_OPERATE_TOKEN,
          MANAGEMENT_OPERATE_TOKEN_FILE,
          MANAGEMENT_TLS_CERTIFICATE,
          MANAGEMENT_TLS_KEY,
          ALLOWED_HOSTS,
          MAX_CONNECTIONS,
          AGENT_CHECK_PORT,
          FREEZE_ENABLED,
          AUTO_ENABLED,
          AUTO_ENDS,
          AUTO_SAME_FAILURE,
          AUTO_STABLE_WINDOW,
          AUTO_NEVER_STARTED,
          AUTO_FOR,
          POSTGRES_URL,
          POSTGRES_USER,
          POSTGRES_PASSWORD,
          POSTGRES_TABLE,
          POSTGRES_POLL,
          ENDPOINT_PROTOCOL,
          ENDPOINT_HOST,
          ENDPOINT_PORT,
          ENDPOINT_OPEN_BEFORE_READY,
          ENDPOINT_INHERIT,
          ENDPOINT_MAX_BODY,
          ENDPOINT_MAX_CONNECTIONS,
          ENDPOINT_HEADER_TIMEOUT,
          ENDPOINT_BODY_TIMEOUT,
          ENDPOINT_ANSWER_TIMEOUT,
          ENDPOINT_IDLE_TIMEOUT,
          LOCAL_CLEAN_ON_RECYCLE,
          LOCAL_SIZE_IN_MB,
          LOG_TO,
          LOG_FORMAT,
          LOG_LEVEL,
          LOG_MAX_SIZE,
          LOG_KEEP_FILES);

  /** Keys of one entry of {@code rolehost.start.tasks}. */
  static final Key<String> TASK_NAME = Key.name("name");

  static final Key<List<String>> TASK_COMMAND = Key.texts("command");
  static final Key<StartupTask.Type> TASK_TYPE = Key.choice("type", StartupTask.Type.class);
  static final Key<Duration> TASK_TIMEOUT = Key.duration("timeout", SOME);
  static final String TASK_ENVIRONMENT = "environment";

  private Keys() {}
}
