package io.rolehost.runtime.process;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.Console;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Figures of this process, and how it was started. For any thread. */
public final class ProcessFacts {

  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessFacts() {}

  /**
   * Returns the figures of this moment as JSON values; one that the system does not tell is left
   * out.
   */
  public static Map<String, Object> values() {
    Runtime runtime = Runtime.getRuntime();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("pid", ProcessHandle.current().pid());
    values.put("uptimeSeconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
    values.put("heapUsedBytes", runtime.totalMemory() - runtime.freeMemory());
    values.put("heapMaxBytes", runtime.maxMemory());
    residentBytes().ifPresent(bytes -> values.put("residentBytes", bytes));
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      values.put("cpuSeconds", system.getProcessCpuTime() / 1e9);
      if (system instanceof UnixOperatingSystemMXBean unix) {
        values.put("openFiles", unix.getOpenFileDescriptorCount());
      }
    }
    values.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
    values.put("cores", runtime.availableProcessors());
    values.put("javaVersion", Runtime.version().toString());
    return values;
  }

  /** Returns whether somebody sits at a terminal, on standard input and output both. */
  @SuppressWarnings("SystemConsoleNull") // it was never null in 22 to 24; in 25 it is, by default
  public static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Returns whether the JVM was started for a debugger. */
  public static boolean jdwp() {
    List<String> arguments =
        ProcessHandle.current().info().arguments().map(List::of).orElse(List.of());
    // Asking the JVM itself takes 30 ms of a start: only where the command line does not show all.
    boolean partly = arguments.isEmpty() || arguments.stream().anyMatch(a -> a.startsWith("@"));
    return partly
        ? isJdwp(ManagementFactory.getRuntimeMXBean().getInputArguments(), Map.of())
        : isJdwp(arguments, System.getenv());
  }

  static boolean isJdwp(List<String> arguments, Map<String, String> environment) {
    return arguments.stream().anyMatch(ProcessFacts::namesJdwp)
        || namesJdwp(environment.getOrDefault("JAVA_TOOL_OPTIONS", ""))
        || namesJdwp(environment.getOrDefault("JDK_JAVA_OPTIONS", ""));
  }

  private static boolean namesJdwp(String text) {
    return text.contains("-agentlib:jdwp") || text.contains("-Xrunjdwp");
  }

  /** Returns how much memory of the machine the process has; empty where that is not known. */
  public static OptionalLong residentBytes() {
    try {
      return residentBytes(Files.readAllLines(STATUS));
    } catch (IOException e) {
      return OptionalLong.empty(); // not Linux
    }
  }

  static OptionalLong residentBytes(List<String> status) {
    for (String line : status) {
      if (line.startsWith("VmRSS:")) {
        String kib = line.replaceAll("\\D", "");
        return kib.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(kib) * 1024);
      }
    }
    return OptionalLong.empty();
  }
}
