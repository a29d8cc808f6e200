package io.rolehost.runtime.management;

import io.rolehost.runtime.journal.IncidentFolders;
import io.rolehost.runtime.management.Managed.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** What {@code /incidents} answers. Any thread. */
public final class IncidentAnswers {

  private final IncidentFolders folders;

  /**
   * Answers for a state directory.
   *
   * @param mine which instances' incidents are told
   */
  public IncidentAnswers(Path stateDir, Predicate<String> mine) {
    this.folders = new IncidentFolders(stateDir, mine);
  }

  /** Returns the newest incidents. */
  public Answer list() {
    try {
      return new Answer(200, Map.of("incidents", folders.newestFirst()));
    } catch (IOException e) {
      return unreadable(e);
    }
  }

  /** Returns a file of an incident. */
  public Answer show(String incident, String file) {
    try {
      return folders
          .read(incident, file)
          .map(found -> new Answer(200, Map.of("text", found.text(), "cut", found.cut())))
          .orElseGet(() ->
              problem(404, "Not Found", "There is no such incident, or it has no such file."));
    } catch (IOException e) {
      return unreadable(e);
    }
  }

  private static Answer unreadable(IOException e) {
    return problem(503, "Unreadable", "The incidents can't be read: " + e);
  }

  private static Answer problem(int status, String title, String detail) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "about:blank");
    body.put("title", title);
    body.put("status", status);
    body.put("detail", detail);
    return new Answer(status, body);
  }
}
