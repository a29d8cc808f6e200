package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import io.rolehost.cli.MachineFacts.Cache;
import io.rolehost.cli.MachineFacts.Freezing;
import io.rolehost.cli.MachineFacts.Jar;
import io.rolehost.cli.MachineFacts.Plan;
import io.rolehost.cli.MachineFacts.Port;
import io.rolehost.cli.MachineFacts.State;
import io.rolehost.cli.MachineFacts.There;
import io.rolehost.freeze.Durability;
import io.rolehost.freeze.FileSource;
import io.rolehost.freeze.FlagSource;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeSource;
import io.rolehost.node.control.ControlClient;
import io.rolehost.node.process.AotCaches;
import io.rolehost.node.solution.NodeSettings.Profile;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionProblems;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import io.rolehost.runtime.process.PortHolder;
import io.rolehost.runtime.process.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gathers the facts of this machine; changes nothing on it. */
final class Examination {

  private static final Pattern PORT_VARIABLE = Pattern.compile("ROLEHOST_ENDPOINTS_.+_PORT");
  private static final Pattern PORT_PROPERTY =
      Pattern.compile("-Drolehost\\.endpoints\\.([^.]+)\\.port=(\\d+)");
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files +\\S+ +(\\d+)");

  private Examination() {}

  /**
   * Looks at everything.
   *
   * @param file the solution; it need not be there
   * @param named whether somebody named it, so that it must be there
   * @param otherwise the state directory where the solution names none
   */
  static MachineFacts of(
      Path file, boolean named, Path otherwise, Surroundings surroundings, InstantSource clock) {
    Optional<Solution> solution = Optional.empty();
    List<String> problems = List.of();
    boolean there = named || Files.exists(file);
    if (there) {
      try {
        solution = Optional.of(SolutionReader.read(file, surroundings));
      } catch (SolutionProblems wrong) {
        problems = wrong.problems();
      }
    }
    Path stateDir = solution.map(s -> s.node().stateDir()).orElse(otherwise);
    List<RoleSpec> roles = solution.map(Solution::roles).orElse(List.of());
    Profile.Detected detected = Profile.detected(surroundings);
    Profile profile = solution.map(s -> s.node().profile()).orElse(detected.profile());
    return new MachineFacts(
        clock.instant(),
        new MachineFacts.Java(
            Runtime.version().feature(),
            Runtime.version().toString(),
            Path.of(System.getProperty("java.home", ""))),
        profile.key(),
        profile == detected.profile() ? detected.why() : "rolehost.profile says so",
        state(stateDir),
        new Plan(file, there, roles.size(), problems),
        jars(roles, stateDir),
        ports(roles),
        freezing(stateDir, there ? file : null, clock.instant()),
        Signals.inheritedAsIgnored(),
        openFiles());
  }

  private static State state(Path folder) {
    There there =
        Files.isDirectory(folder)
            ? There.FOLDER
            : Files.exists(folder) ? There.SOMETHING_ELSE : There.NOTHING;
    Path nearest = folder.toAbsolutePath();
    while (!Files.isDirectory(nearest)) {
      Path above = nearest.getParent();
      if (above == null) {
        break;
      }
      nearest = above;
    }
    String type = "";
    long free = 0;
    try {
      type = Files.getFileStore(nearest).type();
      free = Files.getFileStore(nearest).getUsableSpace();
    } catch (IOException unknown) {
      // It is shown as a disk without room.
    }
    return new State(
        folder,
        there,
        Files.isWritable(nearest),
        type,
        free,
        Durability.notice(nearest),
        newest(folder),
        ControlClient.of(folder).isUp());
  }

  private static Optional<Instant> newest(Path folder) {
    @Nullable Instant newest = null;
    for (Path each : List.of(folder, folder.resolve("journal"), folder.resolve("run"))) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(each)) {
        for (Path entry : entries) {
          Instant written = Files.getLastModifiedTime(entry).toInstant();
          newest = newest == null || written.isAfter(newest) ? written : newest;
        }
      } catch (IOException nothingThere) {
        // Then nothing was written there.
      }
    }
    return Optional.ofNullable(newest);
  }

  private static List<Jar> jars(List<RoleSpec> roles, Path stateDir) {
    AotCaches caches = new AotCaches(stateDir, Path.of(System.getProperty("java.home", "")));
    List<Jar> jars = new ArrayList<>();
    for (RoleSpec role : roles) {
      if (role.program() instanceof Program.Jar jar) {
        Cache cache =
            caches.find(jar).isPresent()
                ? Cache.FRESH
                : hasOther(jar.file()) ? Cache.OF_ANOTHER_BUILD : Cache.NONE;
        jars.add(new Jar(role.name(), jar.file(), jarProblem(jar.file()), cache));
      }
    }
    return jars;
  }

  private static boolean hasOther(Path jar) {
    Path folder = jar.toAbsolutePath().getParent();
    String stem = String.valueOf(jar.getFileName()).replaceFirst("\\.jar$", "");
    if (folder == null) {
      return false;
    }
    try (DirectoryStream<Path> caches = Files.newDirectoryStream(folder, stem + "-*.aot")) {
      return caches.iterator().hasNext();
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static Optional<String> jarProblem(Path file) {
    try (JarFile jar = new JarFile(file.toFile())) {
      return jar.getManifest() == null
              || jar.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS) == null
          ? Optional.of("its manifest names no Main-Class")
          : Optional.empty();
    } catch (IOException broken) {
      return Optional.of("it is no jar (" + broken.getMessage() + ")");
    }
  }

  private static List<Port> ports(List<RoleSpec> roles) {
    Map<Integer, String> wanted = new TreeMap<>();
    for (RoleSpec role : roles) {
      Map<String, String> texts = new TreeMap<>();
      if (role.program() instanceof Program.Jar jar) {
        fromConfiguration(jar, texts);
        for (String option : jar.jvmOptions()) {
          Matcher property = PORT_PROPERTY.matcher(option);
          if (property.matches()) {
            texts.put(property.group(1), property.group(2));
          }
        }
      }
      role.environment()
          .forEach((name, value) -> {
            if (PORT_VARIABLE.matcher(name).matches()) {
              String endpoint = name.substring("ROLEHOST_ENDPOINTS_".length(), name.length() - 5);
              texts.put(endpoint.toLowerCase(Locale.ROOT), value);
            }
          });
      role.endpoints().forEach((endpoint, given) -> texts.remove(endpoint));
      role.endpoints()
          .forEach((endpoint, given) -> {
            for (int n = 0; n < role.instances() && given.port() > 0; n++) {
              wanted.putIfAbsent(given.portOf(n), role.name());
            }
          });
      for (String text : texts.values()) {
        if (text.matches("[1-9][0-9]{0,4}")) {
          wanted.putIfAbsent(Integer.parseInt(text), role.name());
        }
      }
    }
    List<Port> ports = new ArrayList<>();
    wanted.forEach((port, role) -> {
      boolean free = isFree(port);
      ports.add(new Port(role, port, free, free ? OptionalLong.empty() : PortHolder.of(port)));
    });
    return ports;
  }

  /** What the role's own configuration says, in its jar and, above that, beside it. */
  private static void fromConfiguration(Program.Jar jar, Map<String, String> texts) {
    try (JarFile file = new JarFile(jar.file().toFile())) {
      Config config =
          ConfigFactory.parseFile(jar.file().resolveSibling("application.conf").toFile());
      if (file.getEntry("application.conf") != null) {
        try (InputStream in = file.getInputStream(file.getEntry("application.conf"))) {
          config = config.withFallback(ConfigFactory.parseReader(new InputStreamReader(in, UTF_8)));
        }
      }
      Config resolved = config.resolve();
      if (resolved.hasPath("rolehost.endpoints")) {
        for (Map.Entry<String, ConfigValue> endpoint :
            resolved.getObject("rolehost.endpoints").entrySet()) {
          String path = "rolehost.endpoints." + endpoint.getKey() + ".port";
          if (resolved.hasPath(path)) {
            texts.put(endpoint.getKey(), resolved.getString(path));
          }
        }
      }
    } catch (IOException | ConfigException unreadable) {
      // The role itself tells it with file and line, and the jar has a check of its own.
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket _ = new ServerSocket(port)) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static Freezing freezing(Path stateDir, @Nullable Path solution, Instant now) {
    List<String> problems = new ArrayList<>();
    List<String> active = new ArrayList<>();
    try (FreezeSource file = new FileSource(stateDir.resolve("freeze.conf"));
        FreezeSource flag = new FlagSource(solution, null)) {
      for (FreezeSource source : List.of(file, flag)) {
        Optional<String> problem = source.answer().knowledge().problem();
        problem.ifPresent(problems::add);
        for (Freeze freeze : source.lastKnown().freezes()) {
          if (problem.isEmpty() && !freeze.endedAt(now)) {
            active.add(freeze.scope() + ", " + freeze.reason() + " by " + freeze.owner());
          }
        }
      }
    }
    return new Freezing(problems, active);
  }

  /** A JVM raises its own limit up to the hard one. */
  private static OptionalLong openFiles() {
    try {
      Matcher limit = OPEN_FILES.matcher(Files.readString(Path.of("/proc/self/limits")));
      return limit.find() ? OptionalLong.of(Long.parseLong(limit.group(1))) : OptionalLong.empty();
    } catch (IOException notLinux) {
      return OptionalLong.empty();
    }
  }
}
