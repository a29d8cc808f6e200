package io.rolehost.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A program that can be measured.
 *
 * @param name as the tables show it
 * @param command the command line for a port to listen on
 * @param environment variables for a port, beside those inherited
 * @param readyPath what answers 200 when it is ready
 * @param directory where it runs
 */
record Program(
    String name,
    IntFunction<List<String>> command,
    IntFunction<Map<String, String>> environment,
    String readyPath,
    Path directory) {}
