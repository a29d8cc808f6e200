package io.rolehost.runtime.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.runtime.config.Json;
import io.rolehost.runtime.journal.IncidentLimits.Folder;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes a folder for an abnormal end: {@code
 * <state-dir>/incidents/<time>-<instance>-<incarnation>} with {@code exit.json}, {@code
 * fingerprint}, {@code events.jsonl}, {@code log.txt} and {@code threads.json}. The 100 newest
 * folders are kept, five of each fingerprint, at most 30 days and 50 MB of them. A node writes its
 * own beside those of the role hosts, as {@code <instance>.node}.
 */
public final class Incidents {

  private static final Logger LOG = System.getLogger(Incidents.class.getName());

  /** The most characters of one file; with five files an incident can't be most of the 50 MB. */
  private static final int MAX_CHARACTERS = 4 * 1024 * 1024;

  private Incidents() {}

  /** Returns the name of the folder of an incident. */
  public static String folderName(Instant at, String instanceId, long incarnation) {
    return IncidentLimits.folderName(at, instanceId, incarnation);
  }

  /** Returns the folder that an incident of then is written to. */
  public static Path folder(Path stateDir, Instant at, String instanceId, long incarnation) {
    return stateDir.resolve("incidents").resolve(folderName(at, instanceId, incarnation));
  }

  /**
   * Writes one and removes the oldest that are too many. Takes milliseconds, for it is called when
   * the process is about to halt, and never throws: the end must not fail because of its report.
   *
   * @return the folder, or empty if not even a part could be written
   */
  public static Optional<Path> write(
      Path stateDir, String instanceId, long incarnation, Incident incident) {
    return write(stateDir, instanceId, incarnation, incident, IncidentLimits.DEFAULT);
  }

  static Optional<Path> write(
      Path stateDir,
      String instanceId,
      long incarnation,
      Incident incident,
      IncidentLimits limits) {
    try {
      Path folder = folder(stateDir, incident.at(), instanceId, incarnation);
      Files.createDirectories(folder);
      // What explains most in the fewest bytes comes first: the disk or the time may run out.
      boolean written = put(folder, "exit.json", exit(instanceId, incarnation, incident));
      Fingerprint fingerprint = incident.fingerprint();
      written |= put(folder, "fingerprint", fingerprint.id() + "\n" + fingerprint.text());
      written |= put(folder, "log.txt", lines(incident.logLines()));
      written |=
          put(
              folder,
              "events.jsonl",
              lines(incident.events().stream().map(JournalLine::render).toList()));
      written |= put(folder, "threads.json", incident.threadsJson());
      removeSurplus(stateDir.resolve("incidents"), incident.at(), limits);
      return written ? Optional.of(folder) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "The incident can't be written below " + stateDir + ": " + e, e);
      return Optional.empty();
    }
  }

  private static String exit(String instanceId, long incarnation, Incident incident) {
    Map<String, Object> exit = new LinkedHashMap<>();
    exit.put("at", incident.at().toString());
    exit.put("instance", instanceId);
    exit.put("incarnation", incarnation);
    exit.put("reason", incident.reason());
    exit.put("code", incident.code());
    exit.put("why", incident.why());
    exit.put("fingerprint", incident.fingerprint().id());
    String withoutFacts = Json.render(exit);
    exit.put("facts", incident.facts());
    try {
      return Json.render(exit) + "\n";
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "The facts of an incident are not JSON: " + e.getMessage());
      return withoutFacts + "\n";
    }
  }

  private static String lines(List<String> lines) {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  private static boolean put(Path folder, String name, String text) {
    if (text.isEmpty()) {
      return false;
    }
    boolean cut = text.length() > MAX_CHARACTERS;
    Path file = folder.resolve(cut ? name + ".cut" : name);
    // Not a FileChannel, which an interrupt would close; the writer of an incident may be anybody.
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      out.write((cut ? text.substring(0, MAX_CHARACTERS) : text).getBytes(UTF_8));
      return true;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "A part of the incident can't be written: " + e);
      return false;
    }
  }

  private static void removeSurplus(Path incidents, Instant now, IncidentLimits limits) {
    try {
      List<Folder> folders = new ArrayList<>();
      for (Path folder : children(incidents)) {
        if (Files.isDirectory(folder)) {
          folders.add(
              new Folder(String.valueOf(folder.getFileName()), fingerprint(folder), bytes(folder)));
        }
      }
      for (String name : limits.surplus(folders, now)) {
        remove(incidents.resolve(name));
      }
    } catch (IOException e) {
      // Another instance of this state directory may be removing the same; the next end tries
      // again.
      LOG.log(Level.DEBUG, "Old incidents can't be removed: " + e);
    }
  }

  private static String fingerprint(Path folder) {
    try (Stream<String> lines = Files.lines(folder.resolve("fingerprint"))) {
      return lines.findFirst().orElse("");
    } catch (IOException | UncheckedIOException e) {
      return ""; // being written, or not an incident
    }
  }

  private static long bytes(Path folder) throws IOException {
    long bytes = 0;
    for (Path file : children(folder)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private static void remove(Path folder) throws IOException {
    for (Path file : children(folder)) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
