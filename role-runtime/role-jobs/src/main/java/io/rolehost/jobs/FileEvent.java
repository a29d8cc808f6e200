package io.rolehost.jobs;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A whole file that lies in a watched folder.
 *
 * @param path absolute
 * @param size in bytes
 * @param modified its time stamp; with path and size it names the version
 */
@JobType("rolehost.file")
public record FileEvent(Path path, long size, Instant modified) {}
