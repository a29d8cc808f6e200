package io.rolehost.runtime.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.config.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a live instance keeps under {@code <state-dir>/run}: the lock that makes it the only one,
 * the number of its incarnation, and where others find it. A disk that takes no files costs these
 * files and is a {@link #problem}; it never stops a role. Safe for all threads.
 *
 * <p>Files of {@code web_IN_0}: {@code .lock} (stays; holds the process id while locked), {@code
 * .incarnation} (stays), {@code .pid}, {@code .port} of the management plane, {@code .token} (mode
 * 0600), {@code .json} (all of it but the token).
 */
public final class RunFiles implements AutoCloseable {

  private static final Set<String> REMOVED_AT_END = Set.of(".pid", ".port", ".token", ".json");

  /**
   * The lock files this process holds. A second channel on one, once closed, would free the lock:
   * POSIX ties it to the process and not to the channel.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final int MAX_PID_CHARS = 20;

  private final HostSettings settings;
  private final Path run;
  private final @Nullable FileChannel channel;
  private final long incarnation;
  private final Set<String> problems;

  private RunFiles(
      HostSettings settings,
      Path run,
      @Nullable FileChannel channel,
      long incarnation,
      Set<String> problems) {
    this.settings = settings;
    this.run = run;
    this.channel = channel;
    this.incarnation = incarnation;
    this.problems = problems;
  }

  /**
   * Takes the lock, counts the incarnation and leaves the process id.
   *
   * @throws InstanceRunning if another live process has the lock; nothing was changed then
   */
  public static RunFiles open(HostSettings settings) throws InstanceRunning {
    Path run = settings.stateDir().resolve("run");
    Set<String> problems = new LinkedHashSet<>();
    FileChannel channel = null;
    Path held = lockFile(settings);
    if (!HELD.add(held)) {
      throw running(settings, ProcessHandle.current().pid());
    }
    try {
      Files.createDirectories(run);
      channel =
          FileChannel.open(
              held, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      lock(settings, channel);
    } catch (InstanceRunning e) {
      HELD.remove(held);
      throw e;
    } catch (IOException e) {
      problems.add(
          (channel == null ? "The state directory can't be written: " : "It can't be locked: ")
              + e
              + ". The role runs all the same, but a second process of "
              + settings.instanceId()
              + " would not be noticed"
              + (channel == null ? ", and there are no run files" : "")
              + ". State directory: "
              + settings.stateDir()
              + "; another can be chosen by rolehost.state-dir.");
    }
    long incarnation = 1 + lastIncarnation(settings.stateDir(), settings.instanceId());
    RunFiles files = new RunFiles(settings, run, channel, incarnation, problems);
    files.removeLeft();
    files.write(".incarnation", incarnation + "\n", true);
    files.write(".incarnation.copy", incarnation + "\n", false);
    files.write(".pid", ProcessHandle.current().pid() + "\n", false);
    return files;
  }

  /** Returns the number of this start of the instance, from 1. */
  public long incarnation() {
    return incarnation;
  }

  /** Writes the token of the management plane so that only this user can ever read it. */
  public void writeToken(String token) {
    if (channel == null) {
      return;
    }
    try {
      WholeFile.writeForOwner(file(".token"), token + "\n");
    } catch (IOException e) {
      failed(".token", e);
    }
  }

  /**
   * Says where the instance is to be found, in place of what was said before.
   *
   * @param endpoints ports by the name of the endpoint
   * @param ready whether it has become ready; it may be busy since
   */
  public void writePorts(int managementPort, Map<String, Integer> endpoints, boolean ready) {
    Map<String, Object> values = new LinkedHashMap<>();
    ProcessHandle self = ProcessHandle.current();
    values.put("pid", self.pid());
    values.put("started", self.info().startInstant().map(Instant::toString).orElse(""));
    values.put("port", managementPort);
    if (settings.management().tls().isPresent()) {
      values.put("tls", true);
    }
    values.put("endpoints", new LinkedHashMap<>(endpoints));
    values.put("incarnation", incarnation);
    values.put("ready", ready);
    values.put("instance", settings.instanceId());
    values.put("role", settings.roleName());
    values.put("deployment", settings.deployment());
    write(".json", Json.render(values) + "\n", false);
    write(".port", managementPort + "\n", false);
  }

  /** Returns what could not be written and what that means; empty if all could. */
  public Optional<String> problem() {
    synchronized (problems) {
      return problems.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", problems));
    }
  }

  /** Removes what says that the instance lives, then frees the lock. The counter stays. */
  @Override
  public void close() {
    Path held = lockFile(settings);
    if (channel == null || !HELD.contains(held)) {
      HELD.remove(held);
      return;
    }
    removeLeft();
    try {
      channel.close();
    } catch (IOException e) {
      // The kernel frees it with the process.
    }
    HELD.remove(held);
  }

  /**
   * Reads the counter. It is replaced whole and kept twice; where both are gone, log files tell.
   */
  static long lastIncarnation(Path stateDir, String instanceId) {
    Path run = stateDir.resolve("run");
    long last =
        Math.max(
            number(run.resolve(instanceId + ".incarnation")),
            number(run.resolve(instanceId + ".incarnation.copy")));
    try {
      for (LogFile.Found log : LogFile.found(stateDir.resolve("log"), instanceId)) {
        last = Math.max(last, log.incarnation());
      }
    } catch (IOException e) {
      return last; // the counter alone has to do
    }
    return last;
  }

  private static long number(Path file) {
    try {
      return Files.size(file) > MAX_PID_CHARS
          ? 0
          : Math.max(0, Long.parseLong(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  private static Path lockFile(HostSettings settings) {
    return settings
        .stateDir()
        .toAbsolutePath()
        .normalize()
        .resolve("run")
        .resolve(settings.instanceId() + ".lock");
  }

  private static void lock(HostSettings settings, FileChannel channel) throws IOException {
    @Nullable FileLock lock = channel.tryLock();
    if (lock == null) {
      long pid = pidIn(channel);
      channel.close();
      throw running(settings, pid);
    }
    try {
      channel.truncate(0);
      WholeFile.fill(channel, ProcessHandle.current().pid() + "\n");
    } catch (IOException e) {
      // A full disk: the lock holds all the same, it only can't say whose it is.
    }
  }

  private static long pidIn(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_PID_CHARS);
    int read = channel.read(bytes, 0);
    try {
      return read <= 0 ? 0 : Long.parseLong(UTF_8.decode(bytes.flip()).toString().strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static InstanceRunning running(HostSettings settings, long pid) {
    return new InstanceRunning(
        "Instance "
            + settings.instanceId()
            + " already runs"
            + (pid == 0 ? "" : " as process " + pid)
            + " with the state directory "
            + settings.stateDir()
            + "; nothing was changed. Stop that one first, or start this one as another instance"
            + " (rolehost.instance) or with another rolehost.state-dir.",
        pid);
  }

  private void removeLeft() {
    if (channel == null) {
      return; // they may be another process's
    }
    for (String suffix : REMOVED_AT_END) {
      try {
        Files.deleteIfExists(file(suffix));
      } catch (IOException e) {
        failed(suffix, e);
      }
    }
  }

  private Path file(String suffix) {
    return run.resolve(settings.instanceId() + suffix);
  }

  private void write(String suffix, String text, boolean durably) {
    if (channel == null) {
      return;
    }
    try {
      WholeFile.write(file(suffix), text, durably);
    } catch (IOException e) {
      failed(suffix, e);
    }
  }

  private void failed(String suffix, IOException e) {
    synchronized (problems) {
      problems.add("The run file " + file(suffix) + " can't be written: " + e + ".");
    }
  }
}
