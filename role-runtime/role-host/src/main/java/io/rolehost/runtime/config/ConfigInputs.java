package io.rolehost.runtime.config;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything outside of the configuration files that decides what the configuration is. With this
 * and the files given, {@link ConfigLoader} always answers the same.
 *
 * @param environment the environment variables
 * @param properties the system properties
 * @param workingDirectory absolute; relative paths in the configuration start here
 * @param terminal whether standard input and output are a terminal
 * @param pid of this process
 * @param debugger whether the JVM was started with a debugger's agent (jdwp)
 * @param jar what {@code java -jar} was given, or of what that is a copy; empty when started with a
 *     class path
 * @param hostName the machine's (in Kubernetes the pod's) name
 * @param resources where {@code application.conf}, {@code reference.conf} and {@code
 *     META-INF/services} are read as text; no class is loaded by it
 * @param roleClass the class given to {@code RoleHost.run}; used unless the key is set
 * @param defaults keys with values that count where no file says otherwise: what an adapter knows
 *     of the program that it makes a role of
 */
public record ConfigInputs(
    Map<String, String> environment,
    Map<String, String> properties,
    Path workingDirectory,
    boolean terminal,
    long pid,
    boolean debugger,
    Optional<Path> jar,
    String hostName,
    ClassLoader resources,
    Optional<String> roleClass,
    Map<String, String> defaults) {

  private static final String ORIGINAL = "rolehost-release-of";
  private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path KERNEL_COMMAND_LINE = Path.of("/proc/self/cmdline");

  /** Takes copies of the maps. */
  public ConfigInputs {
    environment = Map.copyOf(environment);
    properties = Map.copyOf(properties);
    defaults = Map.copyOf(defaults);
  }

  /** Returns what this process was given. Reads files; loads no class of the user's. */
  public static ConfigInputs ofProcess() {
    Map<String, String> properties = new HashMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      properties.put(name, System.getProperty(name, ""));
    }
    Map<String, String> environment = System.getenv();
    Path here = Path.of("").toAbsolutePath();
    @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
    return new ConfigInputs(
        environment,
        properties,
        here,
        isTerminal(),
        ProcessHandle.current().pid(),
        hasDebugger(environment),
        jar(here, properties),
        hostName(environment),
        context == null ? ClassLoader.getSystemClassLoader() : context,
        Optional.empty(),
        Map.of());
  }

  /** Returns these inputs with the class that {@code RoleHost.run} was given. */
  public ConfigInputs withRoleClass(String name) {
    return withRoleClass(name, defaults);
  }

  /** Returns these inputs with a role class, and with the defaults of whoever brought it. */
  public ConfigInputs withRoleClass(String name, Map<String, String> newDefaults) {
    return new ConfigInputs(
        environment,
        properties,
        workingDirectory,
        terminal,
        pid,
        debugger,
        jar,
        hostName,
        resources,
        Optional.of(name),
        newDefaults);
  }

  @SuppressWarnings("SystemConsoleNull") // a provider of the user's choice may still give null
  private static boolean isTerminal() {
    @Nullable Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static boolean hasDebugger(Map<String, String> environment) {
    return isJdwp(environment.getOrDefault("JAVA_TOOL_OPTIONS", ""))
        || isJdwp(environment.getOrDefault("JDK_JAVA_OPTIONS", ""))
        || isJdwp(commandLine());
  }

  /**
   * Returns the options of the virtual machine, and more. {@code ProcessHandle} gives none where
   * the line is longer than a page of memory, as an IDE's class path makes it. The management beans
   * know all, but loading them costs tens of milliseconds; so they are asked only where the kernel
   * does not tell, or where a part of the line is in a file.
   */
  private static String commandLine() {
    try {
      String line = Files.readString(KERNEL_COMMAND_LINE, StandardCharsets.ISO_8859_1);
      if (!line.contains("\0@")) {
        return line;
      }
    } catch (IOException e) {
      // Not Linux.
    }
    return String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  private static boolean isJdwp(String options) {
    return options.contains("-agentlib:jdwp") || options.contains("-Xrunjdwp");
  }

  /**
   * {@code java -jar} makes the jar the whole class path. A node starts a copy and says of what:
   * what lies beside a jar is beside that.
   */
  private static Optional<Path> jar(Path here, Map<String, String> properties) {
    @Nullable String original = properties.get(ORIGINAL);
    if (original != null) {
      return Optional.of(here.resolve(original));
    }
    String classPath = properties.getOrDefault("java.class.path", "");
    boolean one = classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator);
    return one ? Optional.of(here.resolve(classPath)) : Optional.empty();
  }

  /** Asking the resolver instead may wait for a name server. */
  private static String hostName(Map<String, String> environment) {
    @Nullable String variable = environment.get("HOSTNAME");
    if (variable != null && !variable.isBlank()) {
      return variable.strip();
    }
    try {
      List<String> lines = Files.readAllLines(KERNEL_HOST_NAME);
      return lines.isEmpty() ? "localhost" : lines.getFirst().strip();
    } catch (IOException notLinux) {
      return environment.getOrDefault("COMPUTERNAME", "localhost");
    }
  }
}
