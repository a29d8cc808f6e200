package io.rolehost.runtime.process;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.rolehost.runtime.config.Json;
import java.io.IOException;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What all threads do at this moment. For any thread; takes milliseconds to seconds. */
public final class ThreadDump {

  private static final long MAX_BYTES = 16L * 1024 * 1024;
  private static final int MAX_THREADS = 2_000;
  private static final int MAX_FRAMES = 100;

  private ThreadDump() {}

  /**
   * Returns a dump with virtual threads, in the form of {@code jcmd Thread.dump_to_file}. Where
   * that can't be had, or is larger than 16 MiB, platform threads alone and a {@code note} that
   * says why.
   */
  public static String json() {
    try {
      return dumped(file -> {
        long size = Files.size(file);
        return size <= MAX_BYTES
            ? Files.readString(file)
            : platformThreads("left out virtual threads: the dump has " + size + " bytes");
      });
    } catch (IOException | RuntimeException e) {
      return platformThreads("left out virtual threads: " + e);
    }
  }

  /**
   * Returns the threads that own a monitor or wait for one, virtual ones among them; at most
   * 10,000. They are looked at one after the other while they go on, so what is said of two of them
   * need not have been true at the same moment.
   *
   * @throws IOException if no file could be written or read in {@code java.io.tmpdir}
   */
  public static List<ThreadFacts> facts() throws IOException {
    return dumped(file -> {
      try (Reader dump = Files.newBufferedReader(file)) {
        return ThreadDumpReader.read(dump);
      }
    });
  }

  private interface DumpUse<T> {
    T use(Path file) throws IOException;
  }

  private static <T> T dumped(DumpUse<T> use) throws IOException {
    // The JDK writes to a file that must not exist yet, and to nothing else.
    Path directory = Files.createTempDirectory("rolehost-threads");
    Path file = directory.resolve("threads.json");
    TransitionGuard.raise();
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(
              file.toAbsolutePath().toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
      return use.use(file);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
    }
  }

  /** Returns name, state and stack of a thread as text of several lines, without a line end. */
  public static String text(Thread thread) {
    StringBuilder text =
        new StringBuilder()
            .append('"')
            .append(LogLines.safe(thread.getName()))
            .append("\" #")
            .append(thread.threadId())
            .append(thread.isVirtual() ? " virtual " : " ")
            .append(thread.getState());
    for (String frame : frames(thread.getStackTrace())) {
      text.append("\n    at ").append(frame);
    }
    return text.toString();
  }

  static String platformThreads(String note) {
    List<Map<String, Object>> threads = new ArrayList<>();
    for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
      if (threads.size() == MAX_THREADS) {
        break;
      }
      Thread thread = entry.getKey();
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("tid", Long.toString(thread.threadId()));
      values.put("name", thread.getName());
      values.put("state", thread.getState().name());
      values.put("stack", frames(entry.getValue()));
      threads.add(values);
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("container", "<root>");
    root.put("threads", threads);
    Map<String, Object> dump = new LinkedHashMap<>();
    dump.put("processId", Long.toString(ProcessHandle.current().pid()));
    dump.put("runtimeVersion", Runtime.version().toString());
    dump.put("note", note);
    dump.put("threadContainers", List.of(root));
    return Json.render(Map.of("threadDump", dump));
  }

  private static List<String> frames(StackTraceElement[] stack) {
    List<String> frames = new ArrayList<>();
    for (int i = 0; i < Math.min(stack.length, MAX_FRAMES); i++) {
      frames.add(stack[i].toString());
    }
    if (stack.length > MAX_FRAMES) {
      frames.add("… " + (stack.length - MAX_FRAMES) + " more frames");
    }
    return frames;
  }
}
