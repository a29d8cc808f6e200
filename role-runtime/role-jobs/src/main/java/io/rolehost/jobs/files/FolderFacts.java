package io.rolehost.jobs.files;

import java.nio.file.Path;

/**
 * How a folder stands, for operators.
 *
 * @param trigger names its queue
 * @param waiting files that are not whole yet, or can't be sent now
 * @param known files whose present version was taken
 * @param listening false where only the rescan finds files
 * @param problem empty if all is well
 */
public record FolderFacts(
    String trigger, Path folder, int waiting, int known, boolean listening, String problem) {}
