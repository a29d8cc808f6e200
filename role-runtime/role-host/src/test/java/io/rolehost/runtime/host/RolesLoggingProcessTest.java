package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StopContext;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * A role brings the logging it likes, with the provider's own way to shut down: what it logs last
 * is in the file (spring-projects/spring-boot#11360).
 */
final class RolesLoggingProcessTest {

  @TempDir Path folder;

  /** What a role may bring, each with its files and its configuration. */
  enum Provider {
    LOGBACK(
        "logback.xml",
        """
        <configuration>
          <shutdownHook class="ch.qos.logback.core.hook.DefaultShutdownHook"/>
          <appender name="file" class="ch.qos.logback.core.FileAppender">
            <file>role.log</file>
            <encoder><pattern>%msg%n</pattern></encoder>
          </appender>
          <appender name="async" class="ch.qos.logback.classic.AsyncAppender">
            <appender-ref ref="file"/>
          </appender>
          <root level="INFO"><appender-ref ref="async"/></root>
        </configuration>
        """),
    LOG4J(
        "log4j2.xml",
        """
        <Configuration>
          <Appenders>
            <File name="file" fileName="role.log" immediateFlush="false">
              <PatternLayout pattern="%m%n"/>
            </File>
          </Appenders>
          <Loggers><Root level="INFO"><AppenderRef ref="file"/></Root></Loggers>
        </Configuration>
        """);

    private final String configFile;
    private final String config;

    Provider(String configFile, String config) {
      this.configFile = configFile;
      this.config = config;
    }

    HostProcess.Command on(HostProcess.Command host, Path folder) throws IOException {
      Path _ = Files.writeString(folder.resolve(configFile), config);
      HostProcess.Command with = host.classPathFirst(folder);
      Path logging = Path.of("target", "logging").toAbsolutePath();
      for (Path from : List.of(logging, logging.resolve(configFile.replaceAll("2?\\.xml", "")))) {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(from, "*.jar")) {
          for (Path jar : jars) {
            with = with.classPathFirst(jar);
          }
        }
      }
      return with;
    }
  }

  /** Logs at each step. */
  public static class Logging implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      LoggerFactory.getLogger("role").info("onStart");
      return true;
    }

    @Override
    public void onStop(StopContext context) {
      LoggerFactory.getLogger("role").info("onStop {}", context.reason());
    }
  }

  /** Ends by itself, in the way that starts the shutdown hooks first. */
  public static final class Exiting extends Logging {
    @Override
    public void run(RoleContext context) {
      System.exit(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void term_lastLineOfOnStop_isInTheFile(Provider provider) throws IOException {
    try (HostProcess host = provider.on(HostProcess.of(Logging.class, folder), folder).start()) {
      host.awaitReady();
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
    assertEquals(List.of("onStart", "onStop SIGNAL"), logged());
  }

  @ParameterizedTest
  @EnumSource
  void systemExit_lastLineOfOnStop_isInTheFile(Provider provider) throws IOException {
    try (HostProcess host = provider.on(HostProcess.of(Exiting.class, folder), folder).start()) {
      assertEquals(3, host.exitCode(), host.output());
    }
    assertEquals(List.of("onStart", "onStop EXIT_CALLED"), logged());
  }

  private List<String> logged() throws IOException {
    return new ArrayList<>(Files.readAllLines(folder.resolve("role.log")));
  }
}
