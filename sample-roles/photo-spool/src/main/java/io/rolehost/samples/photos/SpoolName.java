package io.rolehost.samples.photos;

import io.rolehost.api.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The name of a file in the spool: {@code <id>~<attempts>[~<claimant>].<extension>}.
 *
 * @param attempts how often the photo was claimed, the current claim included
 * @param claimant which incarnation holds it; empty if nobody does
 */
record SpoolName(String id, int attempts, String claimant, Kind kind) {
  private static final Pattern NAME =
      Pattern.compile("([0-9a-f]{32})~([0-9])(?:~([\\w.-]+))?\\.(jpg|png)");

  /** Returns the files of a folder in the order of their arrival. */
  static List<SpoolName> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .flatMap(file -> parse(String.valueOf(file.getFileName())).stream())
          .sorted(Comparator.comparing(SpoolName::id))
          .toList();
    }
  }

  static Optional<SpoolName> parse(String text) {
    Matcher name = NAME.matcher(text);
    if (!name.matches()) {
      return Optional.empty();
    }
    String claimant = name.group(3) == null ? "" : name.group(3);
    int attempts = Integer.parseInt(name.group(2));
    return Optional.of(
        new SpoolName(name.group(1), attempts, claimant, Kind.ofExtension(name.group(4))));
  }

  /** Names an incarnation: deployment, instance and its number, joined by dots. */
  static String claimant(Instance instance) {
    String id = instance.deployment() + "." + instance.id();
    return id.replaceAll("[^\\w.-]", "_") + "." + instance.incarnation();
  }

  /** Returns whether the claimant is an incarnation of the same instance as {@code other}. */
  boolean isOfInstanceOf(String other) {
    return !claimant.isEmpty() && stem(claimant).equals(stem(other));
  }

  SpoolName claimedBy(String newClaimant) {
    return new SpoolName(id, attempts + 1, newClaimant, kind);
  }

  SpoolName released(int countedAttempts) {
    return new SpoolName(id, countedAttempts, "", kind);
  }

  Path at(Path folder) {
    return folder.resolve(toString());
  }

  @Override
  public String toString() {
    String by = claimant.isEmpty() ? "" : "~" + claimant;
    return id + "~" + attempts + by + "." + kind.extension();
  }

  private static String stem(String claimant) {
    return claimant.substring(0, claimant.lastIndexOf('.'));
  }
}
