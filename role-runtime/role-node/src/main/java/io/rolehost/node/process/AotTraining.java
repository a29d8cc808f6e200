package io.rolehost.node.process;

import io.rolehost.node.solution.ChildEnvironment;
import io.rolehost.node.solution.NodeSettings;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the start-up caches of the jars of a node, one after another and at the lowest priority, on
 * a thread of its own. Each comes of a training run: a role host in a state directory of its own
 * that is frozen, so that no code of the role's runs, and ends by itself.
 */
public final class AotTraining implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  // As in bin/aot: profiles make a JVM compile more at a start.
  private static final List<String> NO_PROFILES =
      List.of(
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:-AOTRecordTraining");
  // These choose for themselves, or would be heard twice on one port.
  private static final List<String> NOT_WITH =
      List.of(
          "-XX:AOT",
          "-XX:SharedArchiveFile",
          "-Xshare",
          "-javaagent:",
          "-agentlib:",
          "-agentpath:",
          "-XX:StartFlightRecording",
          "-Dcom.sun.management.jmxremote.port");
  private static final String LOG_OPTION = "-Xlog";
  // A host without it would not end by itself.
  private static final String TRAINING = "io/rolehost/runtime/boot/Training.class";

  private final NodeSettings settings;
  private final Map<String, String> environment;
  private final Path workingDirectory;
  private final Path java;
  private final AotCaches caches;
  private final Consumer<String> told;
  private final Path directory;
  private final Set<Path> failed = new HashSet<>();
  private final BlockingQueue<List<RoleSpec>> wanted = new ArrayBlockingQueue<>(1);
  private @Nullable Thread thread;
  private volatile boolean closed;
  private volatile @Nullable Process training;

  AotTraining(
      NodeSettings settings,
      Map<String, String> environment,
      Path workingDirectory,
      Path java,
      AotCaches caches,
      Consumer<String> told) {
    this.settings = settings;
    this.environment = environment;
    this.workingDirectory = workingDirectory;
    this.java = java;
    this.caches = caches;
    this.told = told;
    this.directory = AotCaches.directory(settings.stateDir());
  }

  /** Returns the state directory of training runs. */
  static Path stateDir(NodeSettings settings) {
    return AotCaches.directory(settings.stateDir()).resolve("training").resolve("state");
  }

  /**
   * Makes the caches that are missing and removes those of no role; returns at once. For the node's
   * thread.
   *
   * @param roles all of the node
   */
  public void make(List<RoleSpec> roles) {
    boolean _ = wanted.offer(roles);
    if (thread == null) {
      thread = Thread.ofPlatform().name("aot").daemon().start(this::run);
    }
  }

  private void run() {
    try {
      while (!closed) {
        List<RoleSpec> roles = wanted.take();
        Set<Path> current = new HashSet<>();
        for (RoleSpec role : roles) {
          // A training runs code of the role, and that of another user's must not run as the
          // node's.
          if (role.program() instanceof Program.Jar jar
              && role.roleHost()
              && role.runAs().isEmpty()
              && isTrainable(jar)) {
            make(role, jar, current);
          }
        }
        removeAllBut(current);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether a jar is a role host that can be trained, with options that leave room. */
  private static boolean isTrainable(Program.Jar jar) {
    if (jar.jvmOptions().stream()
        .anyMatch(option -> NOT_WITH.stream().anyMatch(option::startsWith))) {
      return false;
    }
    try (JarFile file = new JarFile(jar.file().toFile())) {
      @Nullable Manifest manifest = file.getManifest();
      return manifest != null
          && Program.ROLE_HOST.equals(
              manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS))
          && file.getEntry(TRAINING) != null;
    } catch (IOException e) {
      return false;
    }
  }

  private void make(RoleSpec role, Program.Jar jar, Set<Path> current) throws InterruptedException {
    try {
      Path cache = caches.placeOf(jar);
      current.add(cache);
      if (closed || Files.exists(cache) || failed.contains(cache) || caches.find(jar).isPresent()) {
        return;
      }
      long began = System.nanoTime();
      if (train(role, jar, cache)) {
        told.accept(
            "made a start-up cache of "
                + jar.file().getFileName()
                + " in "
                + Duration.ofNanos(System.nanoTime() - began).toSeconds()
                + " s; its next start uses it");
      } else if (!closed) {
        failed.add(cache);
        told.accept("no start-up cache came of training " + jar.file() + "; it starts without one");
      }
    } catch (IOException e) {
      told.accept("no start-up cache can be made of " + jar.file() + ": " + e.getMessage());
    }
  }

  private boolean train(RoleSpec role, Program.Jar jar, Path cache)
      throws IOException, InterruptedException {
    Path work = directory.resolve("training");
    deleteTree(work);
    Files.createDirectories(work);
    try {
      Path draft = work.resolve("cache");
      ProcessBuilder builder =
          new ProcessBuilder(command(role, jar, draft))
              .directory(role.workingDirectory().orElse(workingDirectory).toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.environment().clear();
      builder
          .environment()
          .putAll(
              ChildEnvironment.of(
                  environment, Map.of(), settings, role, 0, ProcessHandle.current().pid()));
      builder.environment().put(ChildEnvironment.STANDBY, "training");
      builder.environment().put(ChildEnvironment.STATE_DIR, stateDir(settings).toString());
      builder.environment().put("ROLEHOST_FREEZE", "true");
      Process process = builder.start();
      training = process;
      if (closed || !process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        kill(process);
        return false;
      }
      if (process.exitValue() != 0 || !Files.exists(draft)) {
        return false;
      }
      Files.move(draft, cache, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } finally {
      training = null;
      deleteTree(work);
    }
  }

  private List<String> command(RoleSpec role, Program.Jar jar, Path output) {
    List<String> words = new ArrayList<>(List.of("nice", "-n", "19"));
    List<String> given =
        SettingsFile.isNeeded(role)
            ? List.of(SettingsFile.option(SettingsFile.of(settings.stateDir(), role, 0)))
            : List.of();
    for (String word : CommandLine.of(jar, java, given, Optional.empty())) {
      if (word.equals("-jar")) { // behind the role's own options, which would win otherwise
        words.addAll(NO_PROFILES);
        words.add("-XX:AOTCacheOutput=" + output);
        words.add("-Drolehost.state-dir=" + stateDir(settings));
        words.add("-Drolehost.management.port=0");
        words.add("-Drolehost.log.to=stdout");
      }
      if (!word.startsWith(LOG_OPTION)) { // it may name the file of the live one
        words.add(word);
      }
    }
    return words;
  }

  private void removeAllBut(Set<Path> current) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.aot")) {
      for (Path file : all) {
        if (!current.contains(file)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      // none was made yet
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void kill(Process process) {
    List<ProcessHandle> tree = process.descendants().toList();
    process.destroyForcibly();
    tree.forEach(ProcessHandle::destroyForcibly);
  }

  /** Ends a training that is under way. */
  @Override
  public void close() {
    closed = true;
    @Nullable Process process = training;
    if (process != null) {
      kill(process);
    }
    if (thread != null) {
      thread.interrupt();
    }
  }
}
