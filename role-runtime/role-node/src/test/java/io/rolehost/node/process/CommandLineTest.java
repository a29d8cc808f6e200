package io.rolehost.node.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.node.solution.Program;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandLineTest {

  @Test
  void jar_withOptionsOfItsOwn_hasThemBehindTheNodesSoThatTheyWin() {
    Program jar =
        new Program.Jar(Path.of("web.jar"), List.of("-Dio.netty.noUnsafe=true"), List.of());

    assertEquals(
        List.of(
            "java",
            "-XX:CompileThresholdScaling=3",
            "-Dsun.misc.unsafe.memory.access=allow",
            "-Dio.netty.noUnsafe=false",
            "-XX:AOTCache=web.aot",
            "-Dgiven",
            "-Dio.netty.noUnsafe=true",
            "-jar",
            "web.jar"),
        CommandLine.of(jar, Path.of("java"), List.of("-Dgiven"), Optional.of(Path.of("web.aot"))));
  }
}
