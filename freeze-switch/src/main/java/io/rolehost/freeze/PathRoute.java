package io.rolehost.freeze;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The folders in which something must happen for the content of a path to change: that of the file;
 * for each symbolic link on the way the one that holds the link, so that an exchanged link is seen
 * (a mounted ConfigMap exchanges {@code ..data}); and where the path does not exist yet, the last
 * that does.
 */
record PathRoute(List<Step> steps) {

  /** A chain of links longer than this is a loop; Linux says the same number. */
  private static final int MOST_LINKS = 40;

  /**
   * One folder to watch.
   *
   * @param folder without links
   * @param name the entry that matters in it
   * @param content whether the entry's content matters, not only that it comes and goes
   */
  record Step(Path folder, String name, boolean content) {}

  /**
   * Walks the path as it is now.
   *
   * @throws IOException if it can't be walked: a loop of links, a file where a folder should be
   */
  static PathRoute of(Path absolute) throws IOException {
    List<Step> steps = new ArrayList<>(2);
    Deque<Path> ahead = new ArrayDeque<>();
    Path at = rootOf(absolute);
    push(absolute, ahead);
    int links = 0;
    while (!ahead.isEmpty()) {
      String name = ahead.pop().toString();
      if (name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        at = at.getParent() == null ? at : at.getParent();
        continue;
      }
      Path next = at.resolve(name);
      if (Files.isSymbolicLink(next)) {
        if (++links > MOST_LINKS) {
          throw new IOException("more than " + MOST_LINKS + " symbolic links on the way");
        }
        steps.add(new Step(at, name, false));
        Path target = Files.readSymbolicLink(next);
        at = target.isAbsolute() ? rootOf(target) : at;
        push(target, ahead);
        continue;
      }
      boolean last = ahead.isEmpty();
      if (last || !Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
        steps.add(new Step(at, name, last));
        break;
      }
      at = next;
    }
    return new PathRoute(List.copyOf(steps));
  }

  /** Returns whether an entry of a folder matters here. */
  boolean touchedBy(Path folder, String name) {
    for (Step step : steps) {
      if (step.name().equals(name) && step.folder().equals(folder)) {
        return true;
      }
    }
    return false;
  }

  private static Path rootOf(Path absolute) {
    Path root = absolute.getRoot();
    return root == null ? absolute : root;
  }

  private static void push(Path path, Deque<Path> ahead) {
    for (int i = path.getNameCount() - 1; i >= 0; i--) {
      ahead.push(path.getName(i));
    }
  }
}
