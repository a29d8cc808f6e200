package io.rolehost.cli;

import io.rolehost.cli.budget.Budget;
import io.rolehost.cli.budget.BudgetProver;
import io.rolehost.cli.budget.Proof;
import io.rolehost.cli.budget.UnitFile;
import io.rolehost.cli.budget.UnitLimits;
import io.rolehost.cli.unit.UnitPlan;
import io.rolehost.cli.unit.UnitPlan.Kind;
import io.rolehost.cli.unit.UnitPlan.Listen;
import io.rolehost.cli.unit.UnitWriter;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionProblems;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.config.HostSettings.EndpointSettings;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the plan of a unit out of what a solution or a jar says, and proves that it fits. */
final class UnitPlanner {
  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  /**
   * What somebody wants.
   *
   * @param file a solution or a jar
   * @param role of the solution; empty = a node
   * @param socket the endpoint that systemd is to listen for; an empty text = the only one
   */
  record Wish(
      Path file,
      Optional<String> role,
      Optional<String> name,
      Optional<String> user,
      Optional<String> socket,
      Optional<String> timer,
      Duration watchdog,
      Optional<Duration> start,
      Optional<Duration> stop,
      int systemd) {}

  /**
   * What they get.
   *
   * @param texts by file name
   * @param toEnable the units that {@code systemctl enable} is to name
   */
  record Units(Map<String, String> texts, String toEnable, String stateDir, List<Proof> proofs) {}

  private final Wish wish;
  private final Surroundings surroundings;

  private UnitPlanner(Wish wish, Surroundings surroundings) {
    this.wish = wish;
    this.surroundings = surroundings;
  }

  /**
   * Plans, writes, and proves what was written.
   *
   * @throws Refused if something does not fit, with the numbers
   */
  static Units plan(Wish wish, Surroundings ofThisProcess) throws Refused, SolutionProblems {
    // What surrounds this command is not what will surround the unit.
    Surroundings underSystemd =
        new Surroundings(
            Map.of("NOTIFY_SOCKET", "/run/systemd/notify"),
            Map.of(),
            ofThisProcess.workingDirectory(),
            false,
            0);
    return new UnitPlanner(wish, underSystemd).plan();
  }

  private Units plan() throws Refused, SolutionProblems {
    if (wish.file().toString().endsWith(".jar")) {
      if (wish.role().isPresent()) {
        throw refused("--role is about a solution; " + wish.file() + " is a jar of one role");
      }
      if (!Files.isRegularFile(wish.file())) {
        throw refused("There is no jar " + wish.file() + ": build the role first");
      }
      Path jar = wish.file().toAbsolutePath().normalize();
      return host(
          new RoleSettings.Start(
              Optional.of(jar), List.of(), surroundings.environment(), folderOf(jar)),
          List.of(),
          Map.of(),
          RoleSpec.named(
                  String.valueOf(jar.getFileName()).replaceFirst("\\.jar$", ""),
                  new Program.Jar(jar, List.of(), List.of()))
              .build(),
          1);
    }
    Solution solution = SolutionReader.read(wish.file(), surroundings);
    if (wish.role().isEmpty()) {
      if (wish.socket().isPresent() || wish.timer().isPresent()) {
        throw refused("--socket and --timer are for one role: name it by --role, or give its jar");
      }
      return node(solution);
    }
    return ofRole(solution, wish.role().get());
  }

  // ---- a node

  private Units node(Solution solution) throws Refused {
    Path file = solution.file().orElseThrow();
    Path folder = folderOf(file);
    SolutionBudget budget = SolutionBudget.of(solution, surroundings);
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.add(NATIVE_ACCESS);
    command.addAll(List.of("-jar", installedJar().toString(), "up", file.toString()));
    String name = unitName(String.valueOf(folder.getFileName()));
    Path stateDir = solution.node().stateDir();
    boolean own = !stateDir.equals(surroundings.workingDirectory().resolve(".rolehost"));
    if (own && wish.user().isEmpty()) {
      throw refused(
          "rolehost.state-dir = "
              + stateDir
              + " in "
              + file
              + " can't be written by a user that systemd makes up: name one by --user, or remove"
              + " the key, then it is /var/lib/"
              + name);
    }
    for (RoleSpec role : solution.roles()) {
      if (role.runAs().isPresent() && !wish.user().equals(Optional.of("root"))) {
        throw refused(
            "role '"
                + role.name()
                + "' is to run as "
                + role.runAs().get()
                + ", and only a node of root can do that: --user root, or remove run-as");
      }
    }
    return units(
        new UnitPlan(
            name,
            new Kind.Node(),
            command,
            Map.of(),
            folder,
            wish.user(),
            own ? List.of(stateDir) : List.of(),
            RoleSpec.Limits.NONE,
            budget.node(),
            start(budget.node()),
            stop(budget.node()),
            wish.watchdog(),
            wish.systemd()),
        budget.proofs(),
        name + ".service",
        own ? stateDir.toString() : "/var/lib/" + name);
  }

  // ---- one role

  private Units ofRole(Solution solution, String name) throws Refused {
    RoleSpec role =
        solution.roles().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                refused(
                    "There is no role '"
                        + name
                        + "' in "
                        + wish.file()
                        + "; there are "
                        + String.join(
                            ", ", solution.roles().stream().map(RoleSpec::name).toList())));
    if (!role.roleHost() || !(role.program() instanceof Program.Jar jar)) {
      throw refused(
          "'"
              + name
              + "' is no jar of a role: let a node run it (--node), or write its unit by hand");
    }
    if (role.settings().isPresent()
        || !role.startup().isEmpty()
        || !role.localResources().isEmpty()) {
      throw refused(
          "'"
              + name
              + "' has settings, startup or local-resources in the solution, which only a node"
              + " gives it: let a node run it (--node), or put them into the role's own"
              + " configuration");
    }
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("ROLEHOST_ROLE_NAME", role.name());
    environment.put("ROLEHOST_DEPLOYMENT", solution.node().deployment());
    // The roles of a solution may stand side by side, and only one could have the usual port.
    environment.put("ROLEHOST_MANAGEMENT_PORT", "0");
    role.endpoints()
        .forEach((endpoint, at) ->
            environment.put(UnitWriter.variable(endpoint, "PORT"), "" + at.port()));
    environment.putAll(role.environment());
    boolean several = role.instances() > 1;
    if (several && role.endpoints().values().stream().anyMatch(at -> at.port() != 0)) {
      throw refused(
          "'" + name + "' has several instances with ports of their own, which only a node counts");
    }
    return host(
        new RoleSettings.Start(
            Optional.of(jar.file()),
            jar.jvmOptions(),
            surroundings.environment(),
            role.workingDirectory().orElseGet(() -> folderOf(jar.file()))),
        jar.arguments(),
        environment,
        role,
        role.instances());
  }

  private Units host(
      RoleSettings.Start start,
      List<String> arguments,
      Map<String, String> environment,
      RoleSpec role,
      int instances)
      throws Refused {
    String name = unitName(role.name());
    Map<String, String> all = new LinkedHashMap<>(start.environment());
    all.putAll(environment);
    HostSettings settings =
        RoleSettings.read(
            new RoleSettings.Start(start.jar(), start.jvmOptions(), all, start.workingDirectory()));
    Budget budget = Budget.of(settings);
    boolean template = instances > 1;
    if (template && (wish.socket().isPresent() || wish.timer().isPresent())) {
      throw refused("--socket and --timer are for one instance; this role has " + instances);
    }
    Kind kind =
        wish.timer().isPresent()
            ? new Kind.Job(wish.timer().get())
            : new Kind.Host(template, listen(settings));
    List<String> command = new ArrayList<>(List.of(java(), NATIVE_ACCESS));
    command.addAll(start.jvmOptions());
    command.add("-jar");
    command.add(start.jar().orElseThrow().toString());
    command.addAll(arguments);
    String enabled =
        switch (kind) {
          case Kind.Job _ -> name + ".timer";
          case Kind.Host(boolean several, Optional<Listen> listens) ->
              several
                  ? name + "@{0.." + (instances - 1) + "}.service"
                  : (listens.isPresent() ? name + ".socket " : "") + name + ".service";
          case Kind.Node() -> throw new IllegalStateException("a role is no node");
        };
    return units(
        new UnitPlan(
            name,
            kind,
            command,
            environment,
            start.workingDirectory(),
            wish.user().or(role::runAs),
            List.of(),
            role.limits(),
            budget,
            start(budget),
            stop(budget),
            wish.watchdog(),
            wish.systemd()),
        List.of(),
        enabled,
        "/var/lib/" + name + (template ? "-0" : ""));
  }

  private Optional<Listen> listen(HostSettings settings) throws Refused {
    if (wish.socket().isEmpty()) {
      return Optional.empty();
    }
    Map<String, EndpointSettings> endpoints = settings.endpoints();
    String wanted = wish.socket().get();
    if (wanted.isEmpty() && endpoints.size() == 1) {
      wanted = endpoints.keySet().iterator().next();
    }
    @Nullable EndpointSettings endpoint = endpoints.get(wanted);
    if (endpoint == null) {
      throw refused(
          "--socket"
              + (wanted.isEmpty() ? "" : " " + wanted)
              + ": the role has "
              + (endpoints.isEmpty()
                  ? "no endpoint"
                  : "the endpoints " + String.join(", ", endpoints.keySet()))
              + "; systemd can listen for one of them");
    }
    if (endpoint.port() == 0) {
      throw refused(
          "--socket: rolehost.endpoints." + wanted + ".port is 0, any free one; set one first");
    }
    boolean anywhere = endpoint.host().equals("0.0.0.0");
    return Optional.of(
        new Listen(
            wanted, anywhere ? "" + endpoint.port() : endpoint.host() + ":" + endpoint.port()));
  }

  // ---- both

  private Units units(UnitPlan plan, List<Proof> ofChildren, String toEnable, String stateDir)
      throws Refused {
    Map<String, String> texts = UnitWriter.write(plan);
    String service = texts.values().iterator().next();
    List<Proof> proofs =
        new ArrayList<>(BudgetProver.prove(plan.budget(), UnitLimits.of(UnitFile.parse(service))));
    proofs.addAll(ofChildren);
    if (!Proof.all(proofs)) {
      throw refused(
          "It does not fit; nothing was written.\n"
              + String.join(
                  "\n",
                  Proof.table(
                      proofs.stream()
                          .filter(proof -> proof.verdict() == Proof.Verdict.FAIL)
                          .toList())));
    }
    return new Units(texts, toEnable, stateDir, proofs);
  }

  private Duration start(Budget budget) {
    return wish.start().orElse(budget.start());
  }

  private Duration stop(Budget budget) {
    // A job can't ask for more time.
    return wish.stop().orElse(wish.timer().isPresent() ? budget.longestStop() : budget.stop());
  }

  private String unitName(String otherwise) throws Refused {
    String name = wish.name().orElse(otherwise);
    if (!UnitWriter.isName(name)) {
      throw refused("'" + name + "' can't be the name of a unit: give one by --name");
    }
    return name;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
  }

  /** The jar of this very command; in a clone it is where the build puts it. */
  private static Path installedJar() {
    @Nullable CodeSource source = UnitPlanner.class.getProtectionDomain().getCodeSource();
    try {
      Path place = source == null ? Path.of("") : Path.of(source.getLocation().toURI());
      return Files.isRegularFile(place)
          ? place
          : Path.of(System.getProperty("rolehost.home", "/opt/rolehost"), "rolehost.jar");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path folderOf(Path file) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  private static Refused refused(String sentence) {
    return new Refused(Failures.CONFIGURATION, sentence);
  }
}
