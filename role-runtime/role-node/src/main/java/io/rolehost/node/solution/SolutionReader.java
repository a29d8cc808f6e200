package io.rolehost.node.solution;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.rolehost.node.solution.Solution.Program;
import io.rolehost.node.solution.Solution.RoleSpec;
import java.io.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code solution.conf}. Every problem is found in one go and told with file and line. */
public final class SolutionReader {
  private static final int MAX_INSTANCES = 1_000;
  private static final List<String> ROLE_KEYS =
      List.of("jar", "command", "instances", "env", "jvm-options", "arguments", "stop-grace");

  private final Path file;
  private final Path base;
  private final List<String> problems = new ArrayList<>();

  private SolutionReader(Path file) {
    this.file = file;
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
            new RoleSpec(
                name,
                new Program.Jar(jar.toAbsolutePath(), List.of(), arguments),
                1,
                Map.of(),
                Optional.empty())));
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
    for (Map.Entry<String, ConfigValue> entry : config.root().entrySet()) {
      if (!entry.getKey().equals("roles") && !entry.getKey().equals("rolehost")) {
        problem(
            entry.getValue().origin(),
            "unknown key '" + entry.getKey() + "': a solution has 'roles' and 'rolehost'");
      }
    }
    List<RoleSpec> roles = new ArrayList<>();
    ConfigValue listed = config.root().get("roles");
    if (listed instanceof ConfigObject object) {
      for (Map.Entry<String, ConfigValue> entry : inFileOrder(object)) {
        role(entry.getKey(), entry.getValue()).ifPresent(roles::add);
      }
    }
    if (roles.isEmpty() && problems.isEmpty()) {
      problems.add(
          file + ": no role: expected for instance  roles { my-web { jar = target/my-web.jar } }");
    }
    if (!problems.isEmpty()) {
      throw new SolutionProblems("The solution " + file + " can't be run", problems);
    }
    return new Solution(Optional.of(file.toAbsolutePath()), settings.orElseThrow(), roles);
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

  /** The library keeps keys in a hash map; people expect the order they wrote. */
  private static List<Map.Entry<String, ConfigValue>> inFileOrder(ConfigObject object) {
    List<Map.Entry<String, ConfigValue>> entries = new ArrayList<>(object.entrySet());
    entries.sort((a, b) -> {
      int line =
          Integer.compare(a.getValue().origin().lineNumber(), b.getValue().origin().lineNumber());
      return line != 0 ? line : a.getKey().compareTo(b.getKey());
    });
    return entries;
  }

  private Optional<RoleSpec> role(String name, ConfigValue value) {
    if (!(value instanceof ConfigObject object)) {
      problem(value.origin(), "role '" + name + "' must be an object: { jar = … }");
      return Optional.empty();
    }
    if (!isName(name)) {
      problem(
          value.origin(),
          "role name '" + name + "': expected letters, digits, '-', '_' and '.', at most 63");
    }
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      if (!ROLE_KEYS.contains(entry.getKey())) {
        problem(
            entry.getValue().origin(),
            "unknown key '"
                + entry.getKey()
                + "' in role '"
                + name
                + "': known are "
                + String.join(", ", ROLE_KEYS));
      }
    }
    Config config = object.toConfig();
    Optional<Program> program = program(name, object, config);
    int instances = instances(name, object);
    Map<String, String> environment = environment(name, object);
    Optional<Duration> grace = grace(name, object, config);
    return program.map(known -> new RoleSpec(name, known, instances, environment, grace));
  }

  private Optional<Program> program(String name, ConfigObject object, Config config) {
    boolean jar = object.containsKey("jar");
    if (jar == object.containsKey("command")) {
      problem(
          object.origin(),
          "role '"
              + name
              + "' needs one of: jar = \"path\", or command = [\"program\", \"argument\"]");
      return Optional.empty();
    }
    if (!jar) {
      List<String> words = strings(name, object, "command");
      if (words.isEmpty()) {
        problem(object.origin(), "the command of role '" + name + "' is empty");
      }
      return Optional.of(new Program.Command(words));
    }
    ConfigValue path = object.get("jar");
    if (path == null || path.valueType() != ConfigValueType.STRING) {
      problem(object.origin(), "the jar of role '" + name + "' must be a text: the path of a file");
      return Optional.empty();
    }
    Path resolved = base.resolve(config.getString("jar")).normalize();
    if (!Files.isRegularFile(resolved)) {
      problem(
          path.origin(),
          "the jar of role '"
              + name
              + "' does not exist: "
              + resolved
              + ": build it, or correct it");
    }
    return Optional.of(
        new Program.Jar(
            resolved, strings(name, object, "jvm-options"), strings(name, object, "arguments")));
  }

  private int instances(String name, ConfigObject object) {
    ConfigValue value = object.get("instances");
    if (value == null) {
      return 1;
    }
    String text = String.valueOf(value.unwrapped());
    try {
      int count = Integer.parseInt(text);
      if (count >= 0 && count <= MAX_INSTANCES) {
        return count;
      }
    } catch (NumberFormatException e) {
      // told below, with the bounds
    }
    problem(
        value.origin(),
        "instances of role '" + name + "': expected 0 to " + MAX_INSTANCES + ", found " + text);
    return 0;
  }

  private Map<String, String> environment(String name, ConfigObject object) {
    ConfigValue value = object.get("env");
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof ConfigObject variables)) {
      problem(value.origin(), "env of role '" + name + "' must be an object: { NAME = value }");
      return Map.of();
    }
    Map<String, String> environment = new LinkedHashMap<>();
    for (Map.Entry<String, ConfigValue> entry : variables.entrySet()) {
      String variable = entry.getKey();
      ConfigValue given = entry.getValue();
      if (ChildEnvironment.isSetByNode(variable)) {
        problem(
            given.origin(),
            variable + " in env of role '" + name + "' is set by the node and can't be given");
      } else if (given.valueType() == ConfigValueType.OBJECT
          || given.valueType() == ConfigValueType.LIST) {
        problem(given.origin(), variable + " in env of role '" + name + "' must be a text");
      } else if (given.valueType() != ConfigValueType.NULL) {
        environment.put(variable, String.valueOf(given.unwrapped()));
      }
    }
    return environment;
  }

  private Optional<Duration> grace(String name, ConfigObject object, Config config) {
    ConfigValue value = object.get("stop-grace");
    if (value == null) {
      return Optional.empty();
    }
    try {
      Duration grace = config.getDuration("stop-grace");
      if (grace.isPositive()) {
        return Optional.of(grace);
      }
    } catch (ConfigException e) {
      // told below, with an example
    }
    problem(value.origin(), "stop-grace of role '" + name + "': expected a time such as 30s");
    return Optional.empty();
  }

  private List<String> strings(String name, ConfigObject object, String key) {
    ConfigValue value = object.get(key);
    if (value == null) {
      return List.of();
    }
    List<String> strings = new ArrayList<>();
    if (value.unwrapped() instanceof List<?> list) {
      for (Object element : list) {
        strings.add(String.valueOf(element));
      }
      return strings;
    }
    problem(value.origin(), key + " of role '" + name + "' must be a list: [\"…\", \"…\"]");
    return List.of();
  }

  private void problem(ConfigOrigin origin, String sentence) {
    int line = origin.lineNumber();
    problems.add(file + (line > 0 ? ":" + line : "") + ": " + sentence);
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
