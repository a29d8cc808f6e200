package io.rolehost.node.process;

import io.rolehost.node.solution.NodeSettings;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.Ready;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.RoleSpec.Limits;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Provides instances with what their role asks for: a settings file, ports, folders, a user,
 * limits. For the node's thread.
 */
final class Provisions {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final Path OWN_CGROUP = Path.of("/proc/self/cgroup");
  private static final List<String> SHAPE_OF_HEAP =
      List.of("-Xmx", "-XX:MaxHeapSize", "-XX:MaxRAM");

  private final NodeSettings settings;
  private final Path workingDirectory;
  private @Nullable Cgroups cgroups;
  private @Nullable String noCgroups;

  Provisions(NodeSettings settings, Path workingDirectory) {
    this.settings = settings;
    this.workingDirectory = workingDirectory;
  }

  /**
   * Provides for one start of an instance.
   *
   * @param group the name of its control group, if it needs one
   * @throws IOException if it can't have what it asks for, and so can't be started
   */
  Provision of(RoleSpec role, int n, String group) throws IOException {
    UserAccount user = null;
    if (role.runAs().isPresent()) {
      user = UserAccount.named(role.runAs().get());
      SharedFolders.open(settings.stateDir(), role.instanceId(n), user);
    }
    Map<String, Integer> ports = ports(role, n);
    Map<String, String> environment = new LinkedHashMap<>();
    List<String> options = new ArrayList<>(limits(role));
    if (user != null) {
      environment.putAll(user.environment());
    }
    if (role.azureRuntime()) {
      environment.put(
          RuntimePipes.VARIABLE, RuntimePipes.of(settings.stateDir(), role.instanceId(n)));
    }
    if (role.roleHost()) {
      ports.forEach((name, port) -> options.add("-Drolehost.endpoints." + name + ".port=" + port));
      if (SettingsFile.isNeeded(role)) {
        options.add(SettingsFile.option(writeSettings(role, n)));
      }
    } else {
      variables(role, ports, environment);
      folders(role, n, user, environment);
    }
    return new Provision(
        ports,
        options,
        environment,
        before(role, n, group),
        user == null ? List.of() : user.words());
  }

  /** Writes the settings of an instance, where they have changed; it sees them at once. */
  Path writeSettings(RoleSpec role, int n) throws IOException {
    Path file = SettingsFile.of(settings.stateDir(), role, n);
    SettingsFile.write(
        file,
        SettingsFile.text(role, directoryOf(role)),
        role.runAs().isPresent() ? UserAccount.named(role.runAs().get()) : null);
    return file;
  }

  Path directoryOf(RoleSpec role) {
    return role.workingDirectory().orElse(workingDirectory);
  }

  private Map<String, Integer> ports(RoleSpec role, int n) throws IOException {
    Map<String, Integer> ports = new LinkedHashMap<>();
    for (var endpoint : role.endpoints().entrySet()) {
      int port = endpoint.getValue().portOf(n);
      boolean told = !role.roleHost() || role.azureRuntime();
      ports.put(endpoint.getKey(), port == 0 && told ? anyFree() : port);
    }
    return ports;
  }

  /** Free now; that nobody takes it before the program does is likely, not certain. */
  private static int anyFree() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void variables(
      RoleSpec role, Map<String, Integer> ports, Map<String, String> environment) {
    ports.forEach(
        (name, port) -> environment.put("PORT_" + variable(name), Integer.toString(port)));
    role.endpoints().keySet().stream()
        .findFirst()
        .ifPresent(first -> environment.put("PORT", String.valueOf(ports.get(first))));
  }

  private static String variable(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  private void folders(
      RoleSpec role, int n, @Nullable UserAccount user, Map<String, String> environment)
      throws IOException {
    Path local = settings.stateDir().resolve("local").resolve(role.instanceId(n));
    for (var resource : role.localResources().entrySet()) {
      Path folder = local.resolve(resource.getKey());
      if (resource.getValue().cleanOnRecycle() && Files.isDirectory(folder)) {
        SharedFolders.empty(folder);
      }
      Files.createDirectories(folder);
      if (user != null) {
        user.give(folder);
      }
      environment.put("LOCAL_RESOURCE_" + variable(resource.getKey()), folder.toString());
    }
  }

  private List<String> before(RoleSpec role, int n, String group) throws IOException {
    List<String> words = new ArrayList<>();
    Optional<Cgroups> groups = cgroups(role);
    Optional<Path> fifo =
        role.ready() instanceof Ready.Descriptor
            ? Optional.of(ReadyFifo.make(settings.stateDir(), role.instanceId(n)))
            : Optional.empty();
    if (groups.isPresent() || fifo.isPresent()) {
      int descriptor = role.ready() instanceof Ready.Descriptor(int number) ? number : 3;
      words.addAll(
          List.of(
              "/bin/sh",
              "-c",
              script(descriptor),
              "rolehost-start",
              groups.isPresent() ? groups.get().prepare(group, role.limits()).toString() : "",
              fifo.map(Path::toString).orElse("")));
    }
    return words;
  }

  /**
   * Returns what runs in the process of a program before it. $1 = where the id of the process goes,
   * $2 = what is opened for the descriptor by which it will say that it is ready; either may be
   * empty.
   */
  private static String script(int descriptor) {
    return """
    group=$1; fifo=$2; shift 2
    [ -z "$group" ] || echo $$ >"$group" || exit 126
    [ -z "$fifo" ] || exec %d>"$fifo" || exit 126
    exec "$@"
    """
        .formatted(descriptor);
  }

  /** What a JVM is told of its limits: groups keep the whole process in bounds, not the heap. */
  private List<String> limits(RoleSpec role) {
    List<String> options = new ArrayList<>();
    Limits limits = role.limits();
    if (role.program() instanceof Program.Command || !limits.isSet()) {
      return options;
    }
    boolean shaped =
        role.program().jvmOptions().stream()
            .anyMatch(option -> SHAPE_OF_HEAP.stream().anyMatch(option::startsWith));
    if (limits.memory().isPresent() && !shaped) {
      // The rest is for what is not the heap: classes, code, stacks, buffers.
      options.add("-Xmx" + limits.memory().getAsLong() / 1024 * 7 / 10 + "k");
    }
    if (limits.cpus().isPresent() && cgroups(role).isEmpty()) {
      int processors = (int) Math.max(1, Math.ceil(limits.cpus().getAsDouble()));
      options.add("-XX:ActiveProcessorCount=" + processors);
    }
    return options;
  }

  /** Opened for the first role that has limits. */
  private Optional<Cgroups> cgroups(RoleSpec role) {
    if (!role.limits().isSet()) {
      return Optional.empty();
    }
    if (cgroups == null && noCgroups == null) {
      ProcessHandle self = ProcessHandle.current();
      try {
        cgroups =
            Cgroups.open(
                CGROUPS,
                OWN_CGROUP,
                LongStream.concat(
                    LongStream.of(self.pid()), self.descendants().mapToLong(ProcessHandle::pid)));
      } catch (Cgroups.Unusable e) {
        noCgroups = String.valueOf(e.getMessage());
      }
    }
    return Optional.ofNullable(cgroups);
  }

  static Optional<String> obstacle() {
    return Cgroups.obstacle(CGROUPS, OWN_CGROUP);
  }

  /** Returns what the limits of a role are worth here; empty if they are what they say. */
  Optional<String> notice(RoleSpec role) {
    if (cgroups(role).isPresent() || !role.limits().isSet()) {
      return Optional.empty();
    }
    return Optional.of(
        "the limits of "
            + role.name()
            + (role.program() instanceof Program.Command
                ? " are not enforced: "
                : " hold for its heap and its threads' number only, by options of its JVM: ")
            + noCgroups);
  }

  /** Returns what the kernel did to an instance for its limits, since its start. */
  Optional<String> limitReached(RoleSpec role, String group) {
    return role.limits().memory().isPresent() && cgroups != null && cgroups.wasKilled(group)
        ? Optional.of(
            "killed by the kernel: it needed more than its limits.memory of "
                + role.limits().memory().getAsLong() / (1024 * 1024)
                + " MiB")
        : Optional.empty();
  }
}
