package com.microsoft.windowsazure.serviceruntime;

import java.io.IOException;
import java.math.BigInteger;

/** What the runtime wants the process to be. */
final class GoalState {
  final BigInteger incarnation;
  final boolean stop;
  final String environmentPath;
  final String currentStatePath;

  private GoalState(
      BigInteger incarnation, boolean stop, String environmentPath, String currentStatePath) {
    this.incarnation = incarnation;
    this.stop = stop;
    this.environmentPath = environmentPath;
    this.currentStatePath = currentStatePath;
  }

  static GoalState read(byte[] document) throws IOException {
    Xml root = Xml.read(document, "GoalState");
    String expected = root.textOf("ExpectedState");
    if (!expected.equals("Started") && !expected.equals("Stopped")) {
      throw new IOException("the expected state is '" + expected + "', not Started or Stopped");
    }
    try {
      return new GoalState(
          new BigInteger(root.textOf("Incarnation")),
          expected.equals("Stopped"),
          root.textOf("RoleEnvironmentPath"),
          root.textOf("CurrentStateEndpoint"));
    } catch (NumberFormatException e) {
      throw new IOException("the incarnation of a goal state is no number", e);
    }
  }
}
