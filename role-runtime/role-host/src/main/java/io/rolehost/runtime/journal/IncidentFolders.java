package io.rolehost.runtime.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads what {@link Incidents} wrote. Names come from strangers: only folders and files that are
 * named as incidents are read, and no link is followed, since roles can write into the folder.
 */
public final class IncidentFolders {

  /** How many are listed; the newest. */
  static final int MOST = 50;

  /** The most bytes of a file that are handed out; a thread dump has some hundred thousand. */
  static final int MAX_BYTES = 1024 * 1024;

  private static final List<String> FILES =
      List.of("exit.json", "fingerprint", "log.txt", "events.jsonl", "threads.json");
  private static final String CUT = ".cut";
  private static final String OF_NODE = ".node";

  private final Path incidents;
  private final Predicate<String> mine;

  /**
   * Reads below a state directory.
   *
   * @param mine which instances' incidents are told; what a node wrote of an instance is among them
   */
  public IncidentFolders(Path stateDir, Predicate<String> mine) {
    this.incidents = stateDir.resolve("incidents");
    this.mine = mine;
  }

  /**
   * A file of an incident.
   *
   * @param cut whether there is more of it
   */
  public record Text(String text, boolean cut) {}

  /** Returns the newest incidents, newest first, each with its files, as values that are JSON. */
  public List<Map<String, Object>> newestFirst() throws IOException {
    List<Map<String, Object>> found = new ArrayList<>();
    List<String> names;
    try (Stream<Path> folders = Files.list(incidents)) {
      names =
          folders
              .map(folder -> String.valueOf(folder.getFileName()))
              .filter(this::isMine)
              .sorted(Comparator.reverseOrder())
              .limit(MOST)
              .toList();
    } catch (NoSuchFileException | NotDirectoryException _) {
      return List.of(); // none yet
    }
    for (String name : names) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("name", name);
      values.put("instance", instance(name).orElse(""));
      values.put("files", files(name));
      read(name, "fingerprint")
          .flatMap(file -> file.text().lines().findFirst())
          .ifPresent(print -> values.put("fingerprint", print));
      found.add(values);
    }
    return found;
  }

  /** Returns a file of an incident; empty if there is none of these names. */
  public Optional<Text> read(String name, String file) throws IOException {
    Path folder = incidents.resolve(isMine(name) ? name : "none");
    if (!isMine(name)
        || !isKnown(file)
        || !Files.isDirectory(folder, NOFOLLOW_LINKS)
        || !Files.isRegularFile(folder.resolve(file), NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(folder.resolve(file), NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      boolean more = bytes.length > MAX_BYTES;
      return Optional.of(
          new Text(
              new String(bytes, 0, Math.min(bytes.length, MAX_BYTES), UTF_8),
              more || file.endsWith(CUT)));
    } catch (NoSuchFileException _) {
      return Optional.empty(); // a newer incident took its place
    }
  }

  private List<String> files(String name) {
    Path folder = incidents.resolve(name);
    List<String> found = new ArrayList<>();
    for (String file : FILES) {
      for (String candidate : List.of(file, file + CUT)) {
        if (Files.isRegularFile(folder.resolve(candidate), NOFOLLOW_LINKS)) {
          found.add(candidate);
        }
      }
    }
    return found;
  }

  private static boolean isKnown(String file) {
    return FILES.contains(
        file.endsWith(CUT) ? file.substring(0, file.length() - CUT.length()) : file);
  }

  private boolean isMine(String name) {
    return name.indexOf('/') < 0 && instance(name).filter(mine).isPresent();
  }

  /** Returns whose incident it is, by the folder's name; empty if it is none. */
  private static Optional<String> instance(String name) {
    return IncidentLimits.instanceOf(name)
        .map(id -> id.endsWith(OF_NODE) ? id.substring(0, id.length() - OF_NODE.length()) : id);
  }
}
