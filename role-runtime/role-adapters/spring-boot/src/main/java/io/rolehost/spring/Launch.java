package io.rolehost.spring;

import java.util.List;

/** Decides whether what starts is a program of its own, which can be a role. Pure. */
final class Launch {

  /** What runs an application as a part of something else. */
  private static final List<String> OTHERS =
      List.of(
          "org.junit.",
          "org.testng.",
          "org.springframework.boot.test.",
          "org.springframework.test.",
          "org.springframework.boot.SpringApplicationAotProcessor",
          "org.apache.maven.surefire.",
          "org.gradle.",
          "io.cucumber.",
          "org.apache.catalina.");

  private Launch() {}

  /**
   * Returns whether the stack is that of a {@code main} which the JVM started, and of nothing that
   * runs applications as parts of its own: tests, a servlet container with a war, the processing
   * ahead of time.
   *
   * @param stack the innermost frame first
   */
  static boolean isProgram(List<Frame> stack) {
    return !stack.isEmpty()
        && stack.getLast().method().equals("main")
        && stack.stream().map(Frame::type).noneMatch(Launch::isOther);
  }

  private static boolean isOther(String type) {
    return OTHERS.stream().anyMatch(type::startsWith);
  }

  /**
   * One call.
   *
   * @param type the name of the class
   */
  record Frame(String type, String method) {}
}
