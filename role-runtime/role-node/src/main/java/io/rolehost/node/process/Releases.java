package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.node.control.Json;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.runtime.process.BuildId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The jars that instances are started from: {@code <state-dir>/releases/<role>/<id>/<jar>}, each a
 * copy of a jar of the solution as it was at the time, so that what is written over a jar reaches
 * no instance before somebody deploys it. A jar that needs others beside it ({@code Class-Path} in
 * its manifest) is run from where it lies. Safe for all threads.
 */
public final class Releases {

  /** Tells a role host which jar its own is a copy of: {@code application.conf} is beside that. */
  public static final String ORIGINAL = "-Drolehost-release-of=";

  private static final int ID_DIGITS = 12;
  private static final int KEPT = 3;
  private static final String CHOSEN = "chosen.json";

  private record Known(FileTime modified, long size, String id) {}

  private final Path root;
  private final InstantSource clock;
  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  /** The releases of a state directory. */
  public Releases(Path stateDir, InstantSource clock) {
    this.clock = clock;
    this.root = stateDir.resolve("releases");
  }

  /**
   * Returns what the solution says now, copied; of a build that was taken back, the one chosen in
   * its place.
   *
   * @throws IOException if it can't be copied, or is being written at this moment
   */
  public Release newest(RoleSpec role) throws IOException {
    return switch (role.program()) {
      case Program.Jar jar -> {
        Optional<Path> chosen = chosenInstead(role.name(), jar.file());
        yield chosen.isPresent() ? at(role, jar, chosen.get()) : of(role, jar.file());
      }
      case Program.ClassPath _, Program.Command _ -> Release.inPlace(role);
    };
  }

  /**
   * Returns a release of a role from a jar, copied.
   *
   * @param jar in place of the one that the solution names, or that one
   * @throws IOException if it can't be copied, or is being written at this moment
   */
  public synchronized Release of(RoleSpec role, Path jar) throws IOException {
    if (!(role.program() instanceof Program.Jar program) || needsOthers(jar)) {
      return Release.inPlace(role);
    }
    String id = id(jar);
    Path folder = folder(role.name()).resolve(id);
    Path copy = folder.resolve(String.valueOf(jar.getFileName()));
    if (!isCopy(copy, jar)) {
      Files.createDirectories(folder);
      copy(jar, copy, id);
    }
    Files.setLastModifiedTime(folder, FileTime.from(clock.instant())); // the order of releases
    return at(role, program, copy);
  }

  private static Release at(RoleSpec role, Program.Jar program, Path copy) {
    List<String> options = new ArrayList<>();
    options.add(ORIGINAL + program.file());
    options.addAll(program.jvmOptions());
    return new Release(
        role, role.withProgram(new Program.Jar(copy, options, program.arguments())), idOf(copy));
  }

  /** Returns the jar that a program's jar is a copy of. */
  static Optional<Path> original(Program program) {
    if (program instanceof Program.Jar(Path _, List<String> options, List<String> _)) {
      return options.stream()
          .filter(option -> option.startsWith(ORIGINAL))
          .map(option -> Path.of(option.substring(ORIGINAL.length())))
          .findFirst();
    }
    return Optional.empty();
  }

  /** Returns the release of a role that came before one; empty if it is not there any more. */
  public Optional<Release> before(Release current) {
    if (!(current.declared().program() instanceof Program.Jar program)) {
      return Optional.empty();
    }
    List<Path> copies = copies(current.declared().name());
    boolean passed = false;
    for (Path copy : copies) {
      boolean same = idOf(copy).equals(current.id());
      if (passed && !same) {
        return Optional.of(at(current.declared(), program, copy));
      }
      passed |= same;
    }
    return Optional.empty();
  }

  /**
   * Remembers that a role runs {@code instead} for as long as its jar is what it is now: a deploy
   * was taken back, or another jar was deployed.
   */
  public synchronized void choose(Release instead) throws IOException {
    if (instead.declared().program() instanceof Program.Jar(Path file, _, _)
        && !instead.id().isEmpty()) {
      Path chosen = folder(instead.declared().name()).resolve(CHOSEN);
      String over = id(file);
      if (over.equals(instead.id())) {
        Files.deleteIfExists(chosen);
        return;
      }
      write(chosen, Json.line(Map.of("over", over, "run", instead.id())) + "\n");
    }
  }

  /** Forgets a choice: the jar of the solution counts again. */
  public synchronized void chooseNone(String role) throws IOException {
    Files.deleteIfExists(folder(role).resolve(CHOSEN));
  }

  /** Returns the copy that is run in place of the jar as it is now. */
  private Optional<Path> chosenInstead(String role, Path jar) throws IOException {
    Path chosen = folder(role).resolve(CHOSEN);
    if (!Files.exists(chosen)) {
      return Optional.empty();
    }
    Map<String, Object> values;
    try {
      values = Json.read(Files.readString(chosen));
    } catch (IOException torn) {
      return Optional.empty();
    }
    if (!id(jar).equals(values.get("over"))) {
      return Optional.empty();
    }
    return copies(role).stream().filter(copy -> idOf(copy).equals(values.get("run"))).findFirst();
  }

  /** Removes all but the newest copies of a role and those in use. */
  public synchronized void clean(String role, Collection<Release> inUse) {
    Set<String> ids = new HashSet<>();
    inUse.forEach(release -> ids.add(release.id()));
    int kept = 0;
    for (Path copy : copies(role)) {
      if (!ids.contains(idOf(copy)) && ++kept > KEPT) {
        try {
          Files.deleteIfExists(copy);
          Files.deleteIfExists(folder(role).resolve(idOf(copy)));
        } catch (IOException e) {
          // it is in nobody's way, and tried again with the next release
        }
      }
    }
  }

  /** Returns the copies of a role, the one that was taken last first. */
  private List<Path> copies(String role) {
    List<Path> copies = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder(role))) {
      for (Path folder : folders) {
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.list(folder)) {
            files
                .filter(file -> file.toString().endsWith(".jar"))
                .findFirst()
                .ifPresent(copies::add);
          }
        }
      }
    } catch (IOException e) {
      return List.of(); // none was taken yet
    }
    copies.sort(Comparator.comparing(Releases::takenAt).reversed());
    return copies;
  }

  /** Returns the name of the folder that a copy is in. */
  private static String idOf(Path copy) {
    return copy.getName(copy.getNameCount() - 2).toString();
  }

  private static FileTime takenAt(Path copy) {
    try {
      return Files.getLastModifiedTime(copy.resolveSibling("."));
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private Path folder(String role) {
    return root.resolve(role);
  }

  private static boolean isCopy(Path copy, Path jar) throws IOException {
    return Files.isRegularFile(copy) && Files.size(copy) == Files.size(jar);
  }

  /** The draft is made beside the folder that it becomes a part of, so that no torn copy counts. */
  private void copy(Path jar, Path copy, String id) throws IOException {
    Path draft = root.resolve(id + "-" + ProcessHandle.current().pid() + ".draft");
    try {
      FileTime modified = Files.getLastModifiedTime(jar);
      String copied;
      try (InputStream in = Files.newInputStream(jar);
          FileChannel channel =
              FileChannel.open(
                  draft,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE);
          OutputStream out = Channels.newOutputStream(channel)) {
        copied = drain(in, out);
        channel.force(true);
      }
      if (!copied.equals(id) || !isZip(draft)) {
        throw new IOException(jar + " is being written at this moment: try again when it is whole");
      }
      // Part of what the JVM knows a jar by that it has a start-up cache of.
      Files.setLastModifiedTime(draft, modified);
      Files.move(draft, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static boolean isZip(Path jar) {
    try (JarFile _ = new JarFile(jar.toFile())) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean needsOthers(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      @Nullable Manifest manifest = file.getManifest();
      return manifest != null && manifest.getMainAttributes().getValue("Class-Path") != null;
    }
  }

  private String id(Path jar) throws IOException {
    FileTime modified = Files.getLastModifiedTime(jar);
    long size = Files.size(jar);
    Known last = known.get(jar);
    if (last != null && last.modified().equals(modified) && last.size() == size) {
      return last.id();
    }
    try (InputStream in = Files.newInputStream(jar)) {
      String id = drain(in, OutputStream.nullOutputStream());
      known.put(jar, new Known(modified, size, id));
      return id;
    }
  }

  /** Copies everything and returns the id of what was copied. */
  private static String drain(InputStream in, OutputStream out) throws IOException {
    try (DigestInputStream digested =
        new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digested.transferTo(out);
      return HexFormat.of().formatHex(digested.getMessageDigest().digest()).substring(0, ID_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Returns the release of a jar that was written since; empty if it is the same, or is being
   * written at this moment.
   */
  public Optional<Release> newerThan(Release release) {
    if (release.declared().program() instanceof Program.Jar(Path declared, _, _)
        && release.running().program() instanceof Program.Jar(Path copy, _, _)
        && !BuildId.of(declared).equals(BuildId.of(copy))) {
      try {
        Release newest = newest(release.declared());
        return newest.id().equals(release.id()) ? Optional.empty() : Optional.of(newest);
      } catch (IOException e) {
        return Optional.empty(); // looked at again
      }
    }
    return Optional.empty();
  }

  /** Returns what a release is started from, as {@link RoleHashes} names it. */
  static RoleHashes hashes(Release release, Path workingDirectory) {
    RoleHashes declared = RoleHashes.of(release.declared(), workingDirectory);
    return release.running().program() instanceof Program.Jar(Path file, _, _)
        ? new RoleHashes(BuildId.of(file), declared.config())
        : declared;
  }
}
