package io.rolehost.runtime.config;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.rolehost.freeze.CrashLoop;
import io.rolehost.runtime.config.HostSettings.AutoFreeze;
import io.rolehost.runtime.config.HostSettings.Drain;
import io.rolehost.runtime.config.HostSettings.EndpointLimits;
import io.rolehost.runtime.config.HostSettings.EndpointSettings;
import io.rolehost.runtime.config.HostSettings.LocalResource;
import io.rolehost.runtime.config.HostSettings.Log;
import io.rolehost.runtime.config.HostSettings.Management;
import io.rolehost.runtime.config.HostSettings.OnReturn;
import io.rolehost.runtime.config.HostSettings.Profile;
import io.rolehost.runtime.config.HostSettings.Start;
import io.rolehost.runtime.config.HostSettings.StartupTask;
import io.rolehost.runtime.config.HostSettings.Stop;
import io.rolehost.runtime.config.HostSettings.Uncaught;
import io.rolehost.runtime.lifecycle.OnTimeout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link HostSettings} of a resolved configuration: pure. Goes on after a problem, with the
 * default in place of the wrong value, so that all problems are found at once.
 */
final class SettingsReader {

  private static final Duration MIN_DRAIN = Duration.ofSeconds(5);
  private static final Duration QUIET_DRAIN = Duration.ofSeconds(2);
  private static final Duration CAP_DRAIN = Duration.ofSeconds(20);
  private static final Duration KILL_RESERVE = Duration.ofSeconds(2);
  private static final Duration TASK_TIMEOUT = Duration.ofMinutes(5);
  private static final long MAX_BODY = 10L << 20;

  private static final Pattern ORDINAL = Pattern.compile(".*-(\\d{1,9})");
  private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^A-Za-z0-9._-]");

  private final Config config;
  private final ConfigInputs inputs;
  private final List<String> candidates;
  private final boolean complete;
  private final List<String> problems = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();

  /**
   * @param candidates the roles that the class path offers
   * @param complete false if a part could not be read: then nothing is said to be missing
   */
  SettingsReader(Config config, ConfigInputs inputs, List<String> candidates, boolean complete) {
    this.config = config;
    this.inputs = inputs;
    this.candidates = candidates;
    this.complete = complete;
  }

  /** Returns what was found wrong by {@link #settings} and {@link #autoFreeze}. */
  List<String> problems() {
    return problems;
  }

  List<String> notices() {
    return notices;
  }

  HostSettings settings() {
    ProfileFound found = profile();
    Profile profile = found.profile();
    Optional<String> roleClass = roleClass();
    String role =
        orElse(Keys.ROLE_NAME, roleClass.map(RoleCandidates::simpleName).orElse("unknown"));
    Path stateDir = stateDir();
    Management management = management(profile);
    Map<String, EndpointSettings> endpoints = endpoints();
    checkPorts(management, endpoints);
    return new HostSettings(
        profile,
        found.reason(),
        profile == Profile.DEV && inputs.debugger(),
        orElse(Keys.DEPLOYMENT, "default"),
        role,
        roleClass,
        orElse(Keys.ROLE_MODULES, List.of()),
        role + "_IN_" + instance(profile),
        stateDir,
        TerminationPath.of(get(Keys.TERMINATION_MESSAGE_PATH), profile, inputs, problems),
        new Start(
            orElse(Keys.START_TIMEOUT, Duration.ofMinutes(5)),
            orElse(Keys.START_ON_TIMEOUT, OnTimeout.DUMP_THEN_KILL),
            tasks()),
        orElse(Keys.RUN_ON_RETURN, OnReturn.RECYCLE),
        stop(profile),
        orElse(Keys.UNCAUGHT, Uncaught.END),
        orElse(Keys.READINESS_MAX_AGE, Duration.ofSeconds(10)),
        management,
        endpoints,
        localResources(),
        log(profile));
  }

  AutoFreeze autoFreeze(Profile profile) {
    return new AutoFreeze(
        orElse(Keys.AUTO_ENABLED, profile != Profile.DEV),
        new CrashLoop.Limits(
            orElse(Keys.AUTO_ENDS, 5),
            orElse(Keys.AUTO_SAME_FAILURE, 3),
            orElse(Keys.AUTO_STABLE_WINDOW, Duration.ofMinutes(10)),
            orElse(Keys.AUTO_NEVER_STARTED, 10)),
        orElse(Keys.AUTO_FOR, Duration.ofMinutes(15)));
  }

  private record ProfileFound(Profile profile, String reason) {}

  private ProfileFound profile() {
    Keys.ProfileChoice choice = orElse(Keys.PROFILE, Keys.ProfileChoice.AUTO);
    return switch (choice) {
      case AUTO -> detected();
      case AZURE -> new ProfileFound(Profile.AZURE, chosen());
      case KUBERNETES -> new ProfileFound(Profile.KUBERNETES, chosen());
      case SYSTEMD -> new ProfileFound(Profile.SYSTEMD, chosen());
      case DEV -> new ProfileFound(Profile.DEV, chosen());
    };
  }

  private String chosen() {
    return "set by " + Origins.of(Keys.PROFILE.dotted(), config.getValue(Keys.PROFILE.dotted()));
  }

  private ProfileFound detected() {
    Map<String, String> environment = inputs.environment();
    if (environment.containsKey("KUBERNETES_SERVICE_HOST")) {
      return new ProfileFound(Profile.KUBERNETES, "KUBERNETES_SERVICE_HOST is set");
    }
    if (environment.containsKey("NOTIFY_SOCKET")) {
      return new ProfileFound(Profile.SYSTEMD, "NOTIFY_SOCKET is set");
    }
    if (Long.toString(inputs.pid()).equals(environment.get("SYSTEMD_EXEC_PID"))) {
      return new ProfileFound(Profile.SYSTEMD, "SYSTEMD_EXEC_PID is this process");
    }
    if (inputs.terminal() && inputs.pid() != 1) {
      return new ProfileFound(Profile.DEV, "standard input and output are a terminal");
    }
    return new ProfileFound(
        Profile.AZURE,
        inputs.terminal()
            ? "neither Kubernetes nor systemd, and process 1 of a container"
            : "neither Kubernetes nor systemd nor a terminal");
  }

  private Optional<String> roleClass() {
    String byKey = orElse(Keys.ROLE_CLASS, "");
    if (!byKey.isBlank()) {
      return Optional.of(byKey.strip());
    }
    if (inputs.roleClass().isPresent()) {
      return inputs.roleClass();
    }
    if (candidates.size() == 1) {
      return Optional.of(candidates.getFirst());
    }
    if (!complete) {
      return Optional.empty();
    }
    String key = Keys.ROLE_CLASS.dotted();
    problems.add(
        candidates.isEmpty()
            ? key
                + ": no role found. Name its class in "
                + RoleCandidates.SERVICES
                + " of the jar, or set "
                + key
            : key
                + ": "
                + candidates.size()
                + " roles found ("
                + String.join(", ", candidates)
                + "). Set "
                + key
                + " to the one to run");
    return Optional.empty();
  }

  private String instance(Profile profile) {
    @Nullable Integer n = get(Keys.INSTANCE);
    if (n != null) {
      return Integer.toString(n);
    }
    if (profile != Profile.KUBERNETES) {
      return "0";
    }
    Matcher ordinal = ORDINAL.matcher(inputs.hostName());
    return ordinal.matches()
        ? Integer.toString(Integer.parseInt(ordinal.group(1)))
        : NOT_IN_A_NAME.matcher(inputs.hostName()).replaceAll("-");
  }

  private Path stateDir() {
    @Nullable String given = get(Keys.STATE_DIR);
    if (given == null) {
      given = firstOf(inputs.environment().getOrDefault("STATE_DIRECTORY", ""));
    }
    try {
      return inputs
          .workingDirectory()
          .resolve(given.isBlank() ? ".rolehost" : given.strip())
          .toAbsolutePath()
          .normalize();
    } catch (java.nio.file.InvalidPathException wrong) {
      problems.add(where(Keys.STATE_DIR) + "expected a path, found '" + given + "'");
      return inputs.workingDirectory();
    }
  }

  /** systemd separates several by colons; the first is the main one. */
  private static String firstOf(String directories) {
    int colon = directories.indexOf(':');
    return colon < 0 ? directories : directories.substring(0, colon);
  }

  // ---- start

  private List<StartupTask> tasks() {
    String path = Keys.START_TASKS.dotted();
    @Nullable ConfigValue value = get(Keys.START_TASKS);
    List<StartupTask> tasks = new ArrayList<>();
    if (value instanceof ConfigList list) {
      Set<String> names = new HashSet<>();
      for (int i = 0; i < list.size(); i++) {
        task(path + "[" + i + "]", list.get(i), names).ifPresent(tasks::add);
      }
    } else if (value != null) {
      problems.add(wrong(path, value, "a list of { name, command, type, timeout, environment }"));
    }
    return List.copyOf(tasks);
  }

  private Optional<StartupTask> task(String path, ConfigValue value, Set<String> names) {
    if (!(value instanceof ConfigObject task)) {
      problems.add(wrong(path, value, "a block { name, command, type, timeout, environment }"));
      return Optional.empty();
    }
    List<String> known =
        List.of(
            Keys.TASK_NAME.dotted(),
            Keys.TASK_COMMAND.dotted(),
            Keys.TASK_TYPE.dotted(),
            Keys.TASK_TIMEOUT.dotted(),
            Keys.TASK_ENVIRONMENT);
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(task).entrySet()) {
      if (!known.contains(entry.getKey())) {
        problems.add(
            Origins.of(path, entry.getValue())
                + ": "
                + path
                + "."
                + entry.getKey()
                + " is not a key of a startup task; the nearest is "
                + path
                + "."
                + Nearest.of(entry.getKey(), known));
      }
    }
    @Nullable List<String> command = in(path, task, Keys.TASK_COMMAND.dotted(), Keys.TASK_COMMAND);
    if (command == null || command.isEmpty()) {
      if (!task.containsKey(Keys.TASK_COMMAND.dotted()) || command != null) {
        problems.add(
            Origins.of(path, task)
                + ": "
                + path
                + ".command is missing: expected a list such as [bin/warm-up, --all]");
      }
      return Optional.empty();
    }
    String name =
        requireNonNullElseGet(
            in(path, task, Keys.TASK_NAME.dotted(), Keys.TASK_NAME),
            () -> fileName(command.getFirst()));
    if (!names.add(name)) {
      problems.add(
          Origins.of(path, task)
              + ": "
              + path
              + ".name: there are two startup tasks '"
              + name
              + "'");
    }
    return Optional.of(
        new StartupTask(
            name,
            command,
            requireNonNullElse(
                in(path, task, Keys.TASK_TYPE.dotted(), Keys.TASK_TYPE), StartupTask.Type.SIMPLE),
            requireNonNullElse(
                in(path, task, Keys.TASK_TIMEOUT.dotted(), Keys.TASK_TIMEOUT), TASK_TIMEOUT),
            taskEnvironment(path, task)));
  }

  private Map<String, String> taskEnvironment(String path, ConfigObject task) {
    Map<String, String> environment = new LinkedHashMap<>();
    @Nullable ConfigValue value = task.get(Keys.TASK_ENVIRONMENT);
    if (value instanceof ConfigObject variables) {
      for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(variables).entrySet()) {
        try {
          environment.put(entry.getKey(), Key.scalar(entry.getValue()));
        } catch (IllegalArgumentException structure) {
          problems.add(wrong(path + ".environment." + entry.getKey(), entry.getValue(), "a text"));
        }
      }
    } else if (value != null && value.valueType() != ConfigValueType.NULL) {
      problems.add(wrong(path + ".environment", value, "a block { NAME = text }"));
    }
    return environment;
  }

  private static String fileName(String program) {
    return program.substring(Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\')) + 1);
  }

  // ---- stop

  private Stop stop(Profile profile) {
    @Nullable Duration givenGrace = get(Keys.STOP_GRACE);
    @Nullable Duration givenCap = get(Keys.STOP_HARD_CAP);
    Duration grace;
    if (givenGrace == null) {
      grace = grace(profile);
      grace = givenCap == null ? grace : Durations.min(grace, givenCap);
    } else {
      grace = givenGrace;
      if (givenCap != null && givenCap.compareTo(grace) < 0) {
        clash(Keys.STOP_HARD_CAP, givenCap, "must be at least", Keys.STOP_GRACE, grace, grace);
      }
    }
    boolean longer = profile == Profile.AZURE || profile == Profile.SYSTEMD;
    Duration hardCap =
        givenCap == null ? longer ? grace.plus(grace) : grace : Durations.max(givenCap, grace);
    Duration reserve =
        fit(Keys.KILL_RESERVE, KILL_RESERVE, "a quarter", Durations.part(grace, 4), givenGrace);
    return new Stop(
        grace,
        hardCap,
        drain(profile, grace, givenGrace),
        reserve,
        orElse(Keys.STOP_ON_TIMEOUT, OnTimeout.DUMP_THEN_KILL));
  }

  private static Duration grace(Profile profile) {
    return switch (profile) {
      case AZURE -> Duration.ofMinutes(5);
      case KUBERNETES -> Duration.ofSeconds(25);
      case SYSTEMD -> Duration.ofSeconds(85);
      case DEV -> Duration.ofSeconds(3);
    };
  }

  private Drain drain(Profile profile, Duration grace, @Nullable Duration givenGrace) {
    boolean none = profile == Profile.DEV;
    Duration third = Durations.part(grace, 3);
    @Nullable Duration givenMin = get(Keys.DRAIN_MIN);
    @Nullable Duration givenCap = get(Keys.DRAIN_CAP);
    @Nullable Duration givenQuiet = get(Keys.DRAIN_QUIET);
    // A default gives way to what was set beside it.
    Duration defaultCap = none ? Duration.ZERO : CAP_DRAIN;
    for (@Nullable Duration given : new @Nullable Duration[] {givenMin, givenQuiet}) {
      defaultCap = given == null ? defaultCap : Durations.max(defaultCap, given);
    }
    Duration cap = fit(Keys.DRAIN_CAP, defaultCap, "a third", third, givenGrace);
    Duration min =
        fit(Keys.DRAIN_MIN, none ? Duration.ZERO : MIN_DRAIN, "a third", third, givenGrace);
    Duration quiet = requireNonNullElse(givenQuiet, none ? Duration.ZERO : QUIET_DRAIN);
    if (givenCap != null && givenMin != null && givenMin.compareTo(givenCap) > 0) {
      clash(Keys.DRAIN_MIN, givenMin, "must be at most", Keys.DRAIN_CAP, givenCap, givenCap);
    }
    if (givenCap != null && givenQuiet != null && givenQuiet.compareTo(givenCap) > 0) {
      clash(Keys.DRAIN_QUIET, givenQuiet, "must be at most", Keys.DRAIN_CAP, givenCap, givenCap);
    }
    return new Drain(Durations.min(min, cap), Durations.min(quiet, cap), cap);
  }

  /**
   * Returns the value of {@code key}, or its default, within {@code limit}. It is a problem not to
   * fit only where both the value and the grace were set: a configuration made for production must
   * also run at a terminal, where the grace is 3 s.
   */
  private Duration fit(
      Key<Duration> key,
      Duration otherwise,
      String share,
      Duration limit,
      @Nullable Duration givenGrace) {
    @Nullable Duration given = get(key);
    Duration value = requireNonNullElse(given, otherwise);
    if (value.compareTo(limit) <= 0) {
      return value;
    }
    if (given != null && givenGrace != null) {
      clash(key, given, "can take at most " + share + " of", Keys.STOP_GRACE, givenGrace, limit);
    } else if (given != null) {
      notices.add(
          where(key)
              + Durations.text(given)
              + " is more than "
              + share
              + " of the grace: shortened to "
              + Durations.text(limit));
    }
    return limit;
  }

  private void clash(
      Key<Duration> key,
      Duration value,
      String rule,
      Key<Duration> other,
      Duration otherValue,
      Duration limit) {
    problems.add(
        where(key)
            + "a time budget that does not fit: "
            + Durations.text(value)
            + " "
            + rule
            + " "
            + other.dotted()
            + " = "
            + Durations.text(otherValue)
            + " ("
            + Origins.of(other.dotted(), config.getValue(other.dotted()))
            + ")"
            + (limit.equals(otherValue) ? "" : ", which is " + Durations.text(limit)));
  }

  // ---- management, endpoints, local resources, log

  private Management management(Profile profile) {
    Management management =
        new Management(
            orElse(Keys.MANAGEMENT_HOST, profile == Profile.KUBERNETES ? "0.0.0.0" : "127.0.0.1"),
            orElse(Keys.MANAGEMENT_PORT, 8081),
            profile == Profile.DEV,
            new HostSettings.Tokens(
                token(Keys.MANAGEMENT_READ_TOKEN, Keys.MANAGEMENT_READ_TOKEN_FILE),
                token(Keys.MANAGEMENT_OPERATE_TOKEN, Keys.MANAGEMENT_OPERATE_TOKEN_FILE),
                token(Keys.MANAGEMENT_TOKEN, Keys.MANAGEMENT_TOKEN_FILE)),
            orElse(Keys.ALLOWED_HOSTS, List.of()),
            orElse(Keys.MAX_CONNECTIONS, 64),
            Optional.ofNullable(get(Keys.AGENT_CHECK_PORT)),
            tls());
    checkReach(profile, management);
    return management;
  }

  /** What listens beyond the machine because somebody said so must be meant to. */
  private void checkReach(Profile profile, Management management) {
    if (profile == Profile.KUBERNETES
        || management.isLocal()
        || get(Keys.MANAGEMENT_HOST) == null) {
      return;
    }
    if (management.tls().isEmpty() && !management.tokens().isSet()) {
      problems.add(where(Keys.MANAGEMENT_HOST) + Loopback.tooOpen(management.host()));
    }
    if (underNode() && get(Keys.MANAGEMENT_TLS_KEY) != null) {
      problems.add(
          where(Keys.MANAGEMENT_HOST)
              + "under a node the plane of an instance has no TLS, so it can't listen beyond this"
              + " machine: remove the key here and show the plane of the node");
    }
  }

  private boolean underNode() {
    return inputs.environment().containsKey("ROLEHOST_NODE");
  }

  private Optional<HostSettings.Tls> tls() {
    @Nullable String certificate = get(Keys.MANAGEMENT_TLS_CERTIFICATE);
    @Nullable String key = get(Keys.MANAGEMENT_TLS_KEY);
    if ((certificate == null) != (key == null)) {
      Key<String> there =
          certificate == null ? Keys.MANAGEMENT_TLS_KEY : Keys.MANAGEMENT_TLS_CERTIFICATE;
      problems.add(
          where(there)
              + "there is only one of rolehost.management.tls.certificate and"
              + " rolehost.management.tls.key: set both");
    }
    return certificate == null || key == null || underNode()
        ? Optional.empty()
        : Optional.of(
            new HostSettings.Tls(
                inputs.workingDirectory().resolve(certificate.strip()).normalize(),
                inputs.workingDirectory().resolve(key.strip()).normalize()));
  }

  private HostSettings.Token token(Key<String> value, Key<String> file) {
    @Nullable String set = get(value);
    @Nullable String named = get(file);
    return new HostSettings.Token(
        Optional.ofNullable(set).map(String::strip).filter(t -> !t.isEmpty()),
        Optional.ofNullable(named)
            .filter(f -> !f.isBlank())
            .map(f -> inputs.workingDirectory().resolve(f.strip()).normalize()));
  }

  private Map<String, EndpointSettings> endpoints() {
    Map<String, EndpointSettings> endpoints = new TreeMap<>();
    blocks(Keys.ENDPOINT_PORT)
        .forEach((name, block) -> {
          Key<Integer> portKey = Keys.ENDPOINT_PORT.at(name);
          @Nullable Integer port = get(portKey);
          boolean inherit = orElse(Keys.ENDPOINT_INHERIT.at(name), false);
          if (complete && !inherit && port == null && !config.hasPath(portKey.dotted())) {
            problems.add(
                Origins.of(portKey.dotted(), block)
                    + ": "
                    + portKey.dotted()
                    + " is missing: expected "
                    + portKey.expected()
                    + " (0 = any free one)");
          }
          endpoints.put(
              name,
              new EndpointSettings(
                  name,
                  Key.word(orElse(Keys.ENDPOINT_PROTOCOL.at(name), Keys.Protocol.HTTP)),
                  orElse(Keys.ENDPOINT_HOST.at(name), "0.0.0.0"),
                  port == null ? 0 : port,
                  orElse(Keys.ENDPOINT_OPEN_BEFORE_READY.at(name), false),
                  inherit,
                  orElse(Keys.ENDPOINT_MAX_BODY.at(name), MAX_BODY),
                  endpointLimits(name)));
        });
    checkInherited(endpoints);
    return endpoints;
  }

  /** There is one descriptor 0, and only the host's own listener can take it over. */
  private void checkInherited(Map<String, EndpointSettings> endpoints) {
    @Nullable String first = null;
    for (EndpointSettings endpoint : endpoints.values()) {
      if (!endpoint.inherit()) {
        continue;
      }
      Key<Boolean> key = Keys.ENDPOINT_INHERIT.at(endpoint.name());
      if (first != null) {
        problems.add(where(key) + "only one endpoint can be inherited, and " + first + " is");
      }
      if (!endpoint.protocol().equals(Key.word(Keys.Protocol.HTTP))) {
        problems.add(where(key) + "only an endpoint with protocol http can be inherited");
      }
      first = key.dotted();
    }
  }

  private EndpointLimits endpointLimits(String name) {
    EndpointLimits usual = EndpointLimits.USUAL;
    return new EndpointLimits(
        orElse(Keys.ENDPOINT_MAX_CONNECTIONS.at(name), usual.maxConnections()),
        orElse(Keys.ENDPOINT_HEADER_TIMEOUT.at(name), usual.headerTimeout()),
        orElse(Keys.ENDPOINT_BODY_TIMEOUT.at(name), usual.bodyTimeout()),
        orElse(Keys.ENDPOINT_ANSWER_TIMEOUT.at(name), usual.answerTimeout()),
        orElse(Keys.ENDPOINT_IDLE_TIMEOUT.at(name), usual.idleTimeout()));
  }

  private void checkPorts(Management management, Map<String, EndpointSettings> endpoints) {
    Map<Integer, String> taken = new LinkedHashMap<>();
    if (!management.portSearch()) {
      taken.put(management.port(), Keys.MANAGEMENT_PORT.dotted());
    }
    for (EndpointSettings endpoint : endpoints.values()) {
      Key<Integer> key = Keys.ENDPOINT_PORT.at(endpoint.name());
      @Nullable String other = taken.putIfAbsent(endpoint.port(), key.dotted());
      if (other != null && endpoint.port() != 0) {
        problems.add(where(key) + "port " + endpoint.port() + " is taken by " + other + " already");
      }
    }
  }

  private Map<String, LocalResource> localResources() {
    Map<String, LocalResource> resources = new TreeMap<>();
    blocks(Keys.LOCAL_SIZE_IN_MB)
        .keySet()
        .forEach(name ->
            resources.put(
                name,
                new LocalResource(
                    name,
                    orElse(Keys.LOCAL_CLEAN_ON_RECYCLE.at(name), false),
                    orElse(Keys.LOCAL_SIZE_IN_MB.at(name), 1000))));
    return resources;
  }

  /** Returns the blocks whose names the user chose, of which {@code key} is one key. */
  private Map<String, ConfigObject> blocks(Key<?> key) {
    String parent = ConfigUtil.joinPath(key.path().subList(0, key.path().indexOf(Key.ANY_NAME)));
    Map<String, ConfigObject> blocks = new TreeMap<>();
    if (config.hasPath(parent) && config.getValue(parent) instanceof ConfigObject object) {
      object.forEach((name, value) -> {
        if (value instanceof ConfigObject block) {
          checkName(parent, name, block);
          blocks.put(name, block);
        }
      });
    }
    return blocks;
  }

  /** The name becomes that of a folder or of a label. */
  private void checkName(String parent, String name, ConfigObject block) {
    if (!Key.isName(name)) {
      String path = parent + "." + ConfigUtil.quoteString(name);
      problems.add(
          Origins.of(path, block) + ": " + path + ": expected " + Key.NAME_EXPECTED + " as name");
    }
  }

  private Log log(Profile profile) {
    boolean collected = profile == Profile.KUBERNETES || profile == Profile.SYSTEMD;
    Keys.LogTarget target =
        orElse(Keys.LOG_TO, collected ? Keys.LogTarget.STDOUT : Keys.LogTarget.FILE);
    boolean json =
        switch (orElse(Keys.LOG_FORMAT, Keys.LogFormat.AUTO)) {
          case AUTO -> profile == Profile.KUBERNETES || isReadByMachines();
          case TEXT -> false;
          case JSON -> true;
        };
    return new Log(
        target == Keys.LogTarget.FILE,
        json,
        orElse(Keys.LOG_LEVEL, Keys.LogLevel.INFO).name(),
        orElse(Keys.LOG_MAX_SIZE, 10L << 20),
        orElse(Keys.LOG_KEEP_FILES, 10));
  }

  /**
   * Whoever packed a jar and starts it away from a terminal collects its output. An IDE starts from
   * a class path, and shows the output to somebody; a node does so too, and keeps it in files.
   */
  private boolean isReadByMachines() {
    return !inputs.terminal() && inputs.jar().isPresent() && !underNode();
  }

  // ---- values

  private <T> T orElse(Key<T> key, T otherwise) {
    return requireNonNullElse(get(key), otherwise);
  }

  /** Returns null if the key is not set, null, or wrong, which is a problem then. */
  private <T> @Nullable T get(Key<T> key) {
    String path = key.dotted();
    return config.hasPath(path) ? read(path, config.getValue(path), key) : null;
  }

  private <T> @Nullable T in(String parent, ConfigObject object, String name, Key<T> key) {
    @Nullable ConfigValue value = object.get(name);
    return value == null || value.valueType() == ConfigValueType.NULL
        ? null
        : read(parent + "." + name, value, key);
  }

  private <T> @Nullable T read(String path, ConfigValue value, Key<T> key) {
    try {
      return key.reading().apply(value);
    } catch (ConfigException | IllegalArgumentException doesNotFit) {
      String problem = wrong(path, value, key.expected());
      if (!problems.contains(problem)) { // some keys are looked at twice
        problems.add(problem);
      }
      return null;
    }
  }

  private static String wrong(String path, ConfigValue value, String expected) {
    return Origins.of(path, value)
        + ": "
        + path
        + ": expected "
        + expected
        + ", found "
        + Secrets.render(path, value);
  }

  private String where(Key<?> key) {
    return Origins.of(key.dotted(), config.getValue(key.dotted())) + ": " + key.dotted() + ": ";
  }
}
