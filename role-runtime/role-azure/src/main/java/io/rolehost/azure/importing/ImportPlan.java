package io.rolehost.azure.importing;

import java.util.List;

/**
 * What an import writes, decided and not written yet.
 *
 * @param files what is written; none where the report has problems
 * @param folders that roles are run in
 * @param report what became of everything
 */
public record ImportPlan(List<PlannedFile> files, List<String> folders, ImportReport report) {

  /** Takes copies. */
  public ImportPlan {
    files = List.copyOf(files);
    folders = List.copyOf(folders);
  }

  /**
   * A file.
   *
   * @param text all of it; of a generated one without the first line, which holds its hash
   */
  public record PlannedFile(String name, Rule rule, String text) {}

  /** When a file is written. */
  public enum Rule {
    /** Written again unless somebody edited it. */
    GENERATED,
    /** The same, and readable by its owner alone. */
    SECRET,
    /** Written where there is none, and yours from then on. */
    ONCE,
    /** Written each time. */
    REPORT
  }
}
