package io.rolehost.node.solution;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import io.rolehost.api.Backoff;
import io.rolehost.node.machine.Rules;
import io.rolehost.node.solution.RoleSpec.Endpoint;
import io.rolehost.node.solution.RoleSpec.Limits;
import io.rolehost.node.solution.RoleSpec.LocalResource;
import io.rolehost.node.solution.RoleSpec.StartupTask;
import io.rolehost.node.solution.RoleSpec.Update;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Reads one role of a solution. For one thread. */
final class RoleReader {
  private static final int MAX_INSTANCES = 1_000;
  private static final int MAX_PORT = 65_535;
  private static final int MAX_CODE = 255;
  private static final long MIB = 1024 * 1024;
  // A JVM starts with less, but not a role in it; a shell script is content.
  private static final long LEAST_MEMORY = MIB;
  private static final long LOCAL_RESOURCE = 1_000 * MIB;
  private static final long AZURE_LOCAL_RESOURCE = 100 * MIB;
  private static final String AZURE = "azure-runtime";
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]+");
  private static final List<String> PROTOCOLS =
      List.of(
          "http",
          "https",
          "tcp",
          "udp",
          "tls",
          "ip",
          "raw",
          "wcf:tcp",
          "wcf:tls",
          "wcf:http",
          "wcf:https",
          "wcf:https:certificate");
  private static final Duration TASK_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration PROBE_INTERVAL = Duration.ofSeconds(15);
  private static final Duration LEAST_INTERVAL = Duration.ofSeconds(5);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(31);
  private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(11);
  private static final List<String> OF_JVMS = List.of("jvm-options", "arguments", "role-host");
  private static final List<String> OF_ROLE_HOSTS = List.of("hot-spare", "settings");

  private final String name;
  private final Block block;
  private final Path base;
  private final Surroundings surroundings;
  private final Problems problems;
  private final boolean azureRuntime;

  private RoleReader(
      String name, Block block, Path base, Surroundings surroundings, Problems problems) {
    this.name = name;
    this.block = block;
    this.base = base;
    this.surroundings = surroundings;
    this.problems = problems;
    this.azureRuntime = block.flag(AZURE, false);
  }

  /**
   * Reads a role.
   *
   * @param base the folder of the solution, where relative paths start
   * @return the role; empty if it is not even known what to start
   */
  static Optional<RoleSpec> read(
      String name, ConfigObject object, Path base, Surroundings surroundings, Problems problems) {
    Block block = Block.of(object, "role '" + name + "'", SolutionKeys.ROLE, problems);
    return new RoleReader(name, block, base, surroundings, problems).role();
  }

  private Optional<RoleSpec> role() {
    Optional<Program> program = program();
    boolean roleHost =
        block.flag("role-host", true)
            && !(program.isPresent() && program.get() instanceof Program.Command);
    RoleSpec.Builder role =
        RoleSpec.named(name, program.orElseGet(() -> new Program.Command(List.of())))
            .roleHost(roleHost)
            .instances(block.whole("instances", 1, 0, MAX_INSTANCES))
            .environment(environment())
            .update(update())
            .hotSpare(block.flag("hot-spare", false))
            .critical(block.flag("critical", false))
            .dependsOn(block.texts("depends-on"))
            .rules(rules())
            .limits(limits())
            .cleanEnvironment(block.flag("clean-environment", false))
            .endpoints(endpoints())
            .localResources(localResources())
            .startup(startup(roleHost))
            .ready(ready())
            .azureRuntime(azureRuntime);
    block.time("stop-grace").ifPresent(role::stopGrace);
    block.time("unresponsive-after").ifPresent(role::unresponsiveAfter);
    runAs().ifPresent(role::runAs);
    workingDirectory().ifPresent(role::workingDirectory);
    settings().ifPresent(role::settings);
    if (program.isPresent()) {
      checkKind(program.get(), roleHost);
    }
    return program.map(_ -> role.build());
  }

  /** Some keys mean nothing to some programs. */
  private void checkKind(Program program, boolean roleHost) {
    if (program instanceof Program.Command) {
      OF_JVMS.stream()
          .filter(block::has)
          .forEach(key -> block.problem(key, " means nothing to a command"));
    }
    if (azureRuntime && block.has("hot-spare")) {
      block.problem("hot-spare", " does not go with " + AZURE + ": one process has it at a time");
    }
    if (!roleHost) {
      OF_ROLE_HOSTS.stream()
          .filter(block::has)
          .filter(key -> !(azureRuntime && key.equals("settings")))
          .forEach(key -> block.problem(key, " means nothing to a program that is no role host"));
    } else if (block.has("ready")) {
      block.problem("ready", " is for programs that are no role host; this one tells by itself");
    }
    if (block.has("main-class") && !block.has("class-path")) {
      block.problem("main-class", " goes with class-path");
    }
  }

  private Optional<Program> program() {
    List<String> given =
        List.of("jar", "class-path", "command").stream().filter(block::has).toList();
    if (given.size() != 1) {
      problems.at(
          block.origin(),
          "role '"
              + name
              + "' needs one of: jar = \"path\", class-path = [\"lib/*\"], or command ="
              + " [\"program\", \"argument\"]");
      return Optional.empty();
    }
    return switch (given.getFirst()) {
      case "jar" -> jar();
      case "class-path" -> classPath();
      default -> command();
    };
  }

  private Optional<Program> command() {
    List<String> words = block.texts("command");
    if (words.isEmpty()) {
      problems.at(block.origin("command"), "the command of role '" + name + "' is empty");
      return Optional.empty();
    }
    return Optional.of(new Program.Command(words));
  }

  private Optional<Program> jar() {
    Optional<String> path = block.text("jar");
    if (path.isEmpty()) {
      return Optional.empty();
    }
    Path resolved = base.resolve(path.get()).normalize();
    if (!Files.isRegularFile(resolved)) {
      problems.at(
          block.origin("jar"),
          "the jar of role '"
              + name
              + "' does not exist: "
              + resolved
              + ": build it, or correct it");
    }
    return Optional.of(
        new Program.Jar(resolved, block.texts("jvm-options"), block.texts("arguments")));
  }

  private Optional<Program> classPath() {
    List<Path> entries = new ArrayList<>();
    for (String word : block.texts("class-path")) {
      Path entry = base.resolve(word).normalize();
      Path there = word.endsWith("/*") ? entry.resolveSibling("") : entry;
      if (!Files.exists(there)) {
        block.problem("class-path", ": there is no " + there + ": build it, or correct it");
      }
      entries.add(entry);
    }
    if (entries.isEmpty()) {
      block.problem("class-path", " is empty");
    }
    return Optional.of(
        new Program.ClassPath(
            entries,
            block.text("main-class").orElse(Program.ROLE_HOST),
            block.texts("jvm-options"),
            block.texts("arguments")));
  }

  private Map<String, String> environment() {
    Map<String, String> environment = block.textByName("env");
    for (String variable : environment.keySet()) {
      if (ChildEnvironment.isSetByNode(variable)) {
        problems.at(
            block.origin("env"),
            variable + " in env of role '" + name + "' is set by the node and can't be given");
      }
    }
    return environment;
  }

  private Update update() {
    Optional<Block> update = block.block("update", SolutionKeys.UPDATE);
    return update
        .map(given ->
            new Update(
                given.whole("domains", Update.STANDARD.domains(), 1, MAX_INSTANCES),
                given.whole("max-unavailable", Update.STANDARD.maxUnavailable(), 1, MAX_INSTANCES),
                given.time("min-ready").orElse(Update.STANDARD.minReady())))
        .orElse(Update.STANDARD);
  }

  private UnaryOperator<Rules> rules() {
    Optional<Block> given = block.block("back-off", SolutionKeys.BACK_OFF);
    if (given.isEmpty()) {
      return UnaryOperator.identity();
    }
    Block backOff = given.get();
    Optional<Duration> first = backOff.time("initial");
    Duration initial = first.orElse(Duration.ofSeconds(1));
    Duration cap = backOff.time("cap").orElse(Duration.ofMinutes(5));
    double factor = backOff.number("factor", 1, 100).orElse(2);
    double jitter = backOff.number("jitter", 0, 1).orElse(0.25);
    Optional<Duration> window = backOff.time("reset-after");
    Set<Integer> exempt = new LinkedHashSet<>();
    for (String code : backOff.texts("exempt-codes")) {
      exempt.add(backOff.whole("exempt-codes", code, 0, 0, MAX_CODE));
    }
    Duration second = Duration.ofNanos((long) Math.min(initial.toNanos() * factor, 1e18));
    if (initial.compareTo(cap) > 0) {
      backOff.problem("cap", ": expected at least initial");
      return UnaryOperator.identity();
    }
    Backoff pauses = new Backoff(second.compareTo(cap) < 0 ? second : cap, cap, factor, jitter);
    return standard ->
        new Rules(
            standard.roleHost(),
            window.orElse(standard.stableWindow()),
            standard.betweenStarts(),
            first.orElse(standard.firstRetry()),
            pauses,
            exempt);
  }

  private Limits limits() {
    return block
        .block("limits", SolutionKeys.LIMITS)
        .map(given ->
            new Limits(given.size("memory", LEAST_MEMORY), given.number("cpus", 0.01, 4096)))
        .orElse(new Limits(OptionalLong.empty(), OptionalDouble.empty()));
  }

  private Optional<String> runAs() {
    Optional<String> user = block.text("run-as");
    if (user.isEmpty()) {
      return user;
    }
    String own = surroundings.properties().getOrDefault("user.name", "");
    if (user.get().equals(own)) {
      return Optional.empty();
    }
    try {
      var _ =
          FileSystems.getDefault()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(user.get());
    } catch (IOException | UnsupportedOperationException e) {
      block.problem("run-as", ": there is no user " + user.get());
      return user;
    }
    if (!own.equals("root")) {
      block.problem(
          "run-as",
          " needs a node that root runs; this one is run by " + (own.isEmpty() ? "?" : own));
    }
    return user;
  }

  private Optional<Path> workingDirectory() {
    Optional<Path> directory =
        block.text("working-directory").map(word -> base.resolve(word).normalize());
    if (directory.isPresent() && !Files.isDirectory(directory.get())) {
      block.problem("working-directory", ": there is no folder " + directory.get());
    }
    return directory;
  }

  private Optional<String> settings() {
    return block
        .object("settings")
        .map(given ->
            given.render(
                ConfigRenderOptions.defaults()
                    .setOriginComments(false)
                    .setComments(false)
                    .setJson(false)));
  }

  private Map<String, Endpoint> endpoints() {
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    block
        .blocksByName("endpoints", SolutionKeys.ENDPOINT)
        .forEach((endpoint, given) -> {
          String port =
              given
                  .text("port")
                  .orElseGet(() -> {
                    if (!given.has("port")) {
                      given.problem("port", " is missing: expected a number, or auto");
                    }
                    return "auto";
                  });
          checkName("endpoint", endpoint, given);
          endpoints.put(
              endpoint,
              new Endpoint(
                  port.equals("auto") ? 0 : given.whole("port", port, 0, 0, MAX_PORT),
                  host(given),
                  protocol(given),
                  given.flag("internal", false)));
        });
    return endpoints;
  }

  private static String host(Block given) {
    String host = given.text("host").orElse(Endpoint.LOCAL);
    if (!ADDRESS.matcher(host).matches()) {
      given.problem("host", ": expected an address such as 10.0.0.4, found " + host);
    }
    return host;
  }

  private static String protocol(Block given) {
    String protocol = given.text("protocol").orElse("tcp");
    if (!PROTOCOLS.contains(protocol)) {
      given.problem(
          "protocol", ": expected one of " + String.join(", ", PROTOCOLS) + "; found " + protocol);
    }
    return protocol;
  }

  private Map<String, LocalResource> localResources() {
    long standard = azureRuntime ? AZURE_LOCAL_RESOURCE : LOCAL_RESOURCE;
    Map<String, LocalResource> resources = new LinkedHashMap<>();
    block
        .blocksByName("local-resources", SolutionKeys.LOCAL_RESOURCE)
        .forEach((resource, given) -> {
          checkName("local resource", resource, given);
          resources.put(
              resource,
              new LocalResource(
                  given.size("size", MIB).orElse(standard), given.flag("clean-on-recycle", false)));
        });
    return resources;
  }

  private void checkName(String what, String word, Block given) {
    if (!SolutionReader.isName(word)) {
      problems.at(given.origin(), what + " name '" + word + "': " + SolutionReader.NAME_RULE);
    }
  }

  private List<StartupTask> startup(boolean roleHost) {
    List<StartupTask> tasks = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (Block given : block.blocks("startup", SolutionKeys.STARTUP)) {
      List<String> command = given.texts("command");
      if (command.isEmpty()) {
        given.problem("command", " is missing: expected a list such as [bin/warm-up, --all]");
        continue;
      }
      String task =
          given.text("name").orElse(String.valueOf(Path.of(command.getFirst()).getFileName()));
      if (!names.add(task)) {
        given.problem("name", ": there are two startup programs '" + task + "'");
      }
      StartupTask.Type type = type(given);
      if (type != StartupTask.Type.SIMPLE && !roleHost) {
        given.problem("type", ": only simple ones can run before a program that is no role host");
      }
      tasks.add(
          new StartupTask(
              task,
              command,
              type,
              given.time("timeout").orElse(TASK_TIMEOUT),
              given.textByName("environment")));
    }
    return tasks;
  }

  private static StartupTask.Type type(Block given) {
    String word = given.text("type").orElse("simple");
    for (StartupTask.Type type : StartupTask.Type.values()) {
      if (type.key().equals(word)) {
        return type;
      }
    }
    given.problem("type", ": expected simple, background or foreground, found " + word);
    return StartupTask.Type.SIMPLE;
  }

  private Ready ready() {
    Optional<Block> found = block.block("ready", SolutionKeys.READY);
    if (found.isEmpty()) {
      return new Ready.AtStart();
    }
    Block given = found.get();
    int descriptor = given.whole("fd", 3, 3, 9);
    if (given.has("fd")) {
      if (given.has("port") || given.has("http")) {
        given.problem("fd", " goes with neither port nor http");
      }
      return new Ready.Descriptor(descriptor);
    }
    if (given.hasBlock("http")) {
      if (given.has("port")) {
        given.problem("port", ": the port of a probe is ready.http.port");
      }
      return given
          .block("http", SolutionKeys.HTTP_PROBE)
          .<Ready>flatMap(this::probed)
          .orElseGet(Ready.AtStart::new);
    }
    Optional<String> path = given.text("http");
    if (path.isPresent() && !path.get().startsWith("/")) {
      given.problem("http", ": expected a path such as /health, found " + path.get());
    }
    Optional<Ready.Listening> where = where(given);
    if (where.isEmpty()) {
      return new Ready.AtStart();
    }
    return path.isPresent() ? new Ready.Http(path.get(), where.get()) : where.get();
  }

  /** The numbers are those of a load balancer's probe in Azure. */
  private Optional<Ready.Probed> probed(Block given) {
    Optional<String> path = given.text("path");
    if (path.isEmpty() || !path.get().startsWith("/")) {
      given.problem("path", ": expected a path such as /health, found " + path.orElse("nothing"));
      return Optional.empty();
    }
    Duration interval = time(given, "interval", LEAST_INTERVAL, PROBE_INTERVAL);
    Duration timeout = time(given, "timeout", LEAST_TIMEOUT, PROBE_TIMEOUT);
    if (timeout.compareTo(interval) <= 0) {
      given.problem(
          "timeout",
          ": expected more than the interval ("
              + interval.toSeconds()
              + "s), found "
              + timeout.toSeconds()
              + "s; a bit more than twice of it leaves room for one answer that is lost");
    }
    return where(given).map(at -> new Ready.Probed(path.get(), at, interval, timeout));
  }

  private static Duration time(Block given, String key, Duration least, Duration otherwise) {
    Duration found = given.time(key).orElse(otherwise);
    if (found.compareTo(least) < 0) {
      given.problem(
          key, ": expected at least " + least.toSeconds() + "s, found " + found.toMillis() + "ms");
      return otherwise;
    }
    return found;
  }

  private Optional<Ready.Listening> where(Block given) {
    Optional<String> port = given.text("port");
    if (port.isPresent()) {
      return where(given, port.get());
    }
    List<String> endpoints =
        block.object("endpoints").map(o -> List.copyOf(o.keySet())).orElse(List.of());
    if (endpoints.size() != 1) {
      given.problem("port", " is missing: expected a number, or the name of an endpoint");
      return Optional.empty();
    }
    return where(given, endpoints.getFirst());
  }

  private Optional<Ready.Listening> where(Block given, String port) {
    Optional<ConfigObject> endpoints = block.object("endpoints");
    if (endpoints.isPresent() && endpoints.get().containsKey(port)) {
      return Optional.of(new Ready.OfEndpoint(port));
    }
    if (!port.isEmpty() && Character.isDigit(port.charAt(0))) {
      return Optional.of(new Ready.Port(given.whole("port", port, 1, 1, MAX_PORT)));
    }
    given.problem("port", ": expected 1 to 65535 or the name of an endpoint, found " + port);
    return Optional.empty();
  }
}
