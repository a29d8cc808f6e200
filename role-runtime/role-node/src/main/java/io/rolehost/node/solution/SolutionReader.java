package io.rolehost.node.solution;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.io.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code solution.conf}. Every problem is found in one go and told with file and line. */
public final class SolutionReader {
  static final String NAME_RULE = "expected letters, digits, '-', '_' and '.', at most 63";
  private static final List<String> KEYS = List.of("roles", "rolehost", "swap");

  private final Path file;
  private final Path base;
  private final Problems problems;

  private SolutionReader(Path file) {
    this.file = file;
    this.problems = new Problems(file);
    Path parent = file.toAbsolutePath().getParent();
    this.base = parent == null ? file.toAbsolutePath() : parent;
  }

  /**
   * Reads a file. Relative paths in it start at its own folder; relative state directories at the
   * working directory, as they do for a role host.
   *
   * @throws SolutionProblems with all that is wrong
   */
  public static Solution read(Path file, Surroundings surroundings) throws SolutionProblems {
    return new SolutionReader(file).read(surroundings);
  }

  /** Makes the solution of one instance of one jar. */
  public static Solution ofJar(Path jar, List<String> arguments, Surroundings surroundings)
      throws SolutionProblems {
    if (!Files.isRegularFile(jar)) {
      throw new SolutionProblems(
          "Can't run " + jar, List.of("there is no such file: build the role first"));
    }
    NodeSettings settings = NodeSettingsReader.read(ConfigFactory.empty(), surroundings);
    String name = jarName(jar);
    return new Solution(
        Optional.empty(),
        settings,
        List.of(
            RoleSpec.named(name, new Program.Jar(jar.toAbsolutePath(), List.of(), arguments))
                .build()));
  }

  private static String jarName(Path jar) {
    String name = String.valueOf(jar.getFileName());
    String stem = name.endsWith(".jar") ? name.substring(0, name.length() - 4) : name;
    StringBuilder safe = new StringBuilder();
    stem.chars().forEach(c -> safe.append(isNameChar(c) ? (char) c : '-'));
    return safe.toString();
  }

  private Solution read(Surroundings surroundings) throws SolutionProblems {
    Config config = parse();
    Optional<NodeSettings> settings = settings(config, surroundings);
    for (Map.Entry<String, ConfigValue> entry : Block.inFileOrder(config.root())) {
      if (!KEYS.contains(entry.getKey())) {
        problems.unknown(entry.getValue().origin(), entry.getKey(), "a solution", KEYS);
      }
    }
    List<RoleSpec> roles = new ArrayList<>();
    Map<String, ConfigOrigin> origins = new HashMap<>();
    ConfigValue listed = config.root().get("roles");
    if (listed instanceof ConfigObject object) {
      for (Map.Entry<String, ConfigValue> entry : Block.inFileOrder(object)) {
        origins.put(entry.getKey(), entry.getValue().origin());
        role(entry.getKey(), entry.getValue(), surroundings).ifPresent(roles::add);
      }
    }
    if (origins.isEmpty() && problems.sentences().isEmpty()) {
      problems.add("no role: expected for instance  roles { my-web { jar = target/my-web.jar } }");
    }
    int ofNode =
        settings
            .map(NodeSettings::management)
            .filter(plane -> !plane.portSearch())
            .map(NodeSettings.Management::port)
            .orElse(0);
    SolutionCheck.check(roles, origins, ofNode, problems);
    ConfigValue swap = config.root().get("swap");
    SwapSettings swaps = swap == null ? SwapSettings.NONE : SwapSettings.read(swap, base, problems);
    if (!problems.sentences().isEmpty()) {
      throw new SolutionProblems("The solution " + file + " can't be run", problems.sentences());
    }
    return new Solution(Optional.of(file.toAbsolutePath()), settings.orElseThrow(), roles, swaps);
  }

  private Optional<RoleSpec> role(String name, ConfigValue value, Surroundings surroundings) {
    if (!(value instanceof ConfigObject object)) {
      problems.at(value.origin(), "role '" + name + "' must be an object: { jar = … }");
      return Optional.empty();
    }
    if (!isName(name)) {
      problems.at(value.origin(), "role name '" + name + "': " + NAME_RULE);
    }
    return RoleReader.read(name, object, base, surroundings, problems);
  }

  private Optional<NodeSettings> settings(Config config, Surroundings surroundings) {
    try {
      return Optional.of(NodeSettingsReader.read(config, surroundings));
    } catch (SolutionProblems ofTheNode) {
      problems.addAll(ofTheNode.problems());
      return Optional.empty();
    }
  }

  private Config parse() throws SolutionProblems {
    if (!Files.isRegularFile(file)) {
      throw new SolutionProblems(
          "There is no solution " + file,
          List.of(
              "name one:  rolehost up path/to/solution.conf  or run one role:  rolehost run JAR"));
    }
    try {
      return ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
          .resolve();
    } catch (ConfigException e) {
      throw new SolutionProblems(
          "The solution " + file + " can't be read", List.of(String.valueOf(e.getMessage())));
    }
  }

  /** Returns whether a text can be the name of a role: it becomes part of ids and file names. */
  static boolean isName(String text) {
    if (text.isEmpty() || text.length() > 63 || text.startsWith(".")) {
      return false;
    }
    return text.chars().allMatch(SolutionReader::isNameChar);
  }

  private static boolean isNameChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.';
  }

  /**
   * What a node finds around it.
   *
   * @param environment the variables
   * @param properties the system properties
   * @param workingDirectory absolute
   * @param terminal whether standard input and output are a terminal
   * @param pid of this process
   */
  public record Surroundings(
      Map<String, String> environment,
      Map<String, String> properties,
      Path workingDirectory,
      boolean terminal,
      long pid) {

    /** Takes copies of the maps. */
    public Surroundings {
      environment = Map.copyOf(environment);
      properties = Map.copyOf(properties);
    }

    /** Reads those of this process. */
    @SuppressWarnings("SystemConsoleNull") // it is null in 25 where there is no terminal
    public static Surroundings ofThisProcess() {
      Map<String, String> properties = new HashMap<>();
      for (String name : System.getProperties().stringPropertyNames()) {
        properties.put(name, System.getProperty(name, ""));
      }
      Console console = System.console();
      return new Surroundings(
          System.getenv(),
          properties,
          Path.of("").toAbsolutePath(),
          console != null && console.isTerminal(),
          ProcessHandle.current().pid());
    }
  }
}
