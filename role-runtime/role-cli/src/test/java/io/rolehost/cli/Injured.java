package io.rolehost.cli;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;

/** A role that comes to harm in the way that the variable {@code HARM} names. */
public final class Injured implements Role {

  /** For the role host. */
  public Injured() {}

  @Override
  public boolean onStart(RoleContext context) throws Exception {
    if (harm().equals("hang")) {
      context.stopToken().await();
    }
    return !harm().equals("refuse");
  }

  @Override
  @SuppressWarnings("SystemExitOutsideMain") // that is the harm
  public void run(RoleContext context) throws Exception {
    switch (harm()) {
      case "exit" -> System.exit(7);
      case "memory" -> throw new OutOfMemoryError("as the test wants it");
      case "throw" -> throw new IllegalStateException("the disk is on fire");
      case "return" -> {
        return;
      }
      default -> context.stopToken().await();
    }
  }

  /** The same with endpoints. */
  public static final class Web implements io.rolehost.api.WebRole {

    /** For the role host. */
    public Web() {}
  }

  private static String harm() {
    return System.getenv().getOrDefault("HARM", "");
  }
}
