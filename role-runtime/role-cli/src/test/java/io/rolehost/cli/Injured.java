package io.rolehost.cli;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.WebRole;
import io.rolehost.api.http.HttpResponse;

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

  /** Listens where its settings say. */
  public static final class Web implements WebRole {

    /** For the role host. */
    public Web() {}

    @Override
    public void onApplicationStart(RoleContext context) {
      context.endpoint("http").serve(_ -> HttpResponse.text(200, "well"));
    }
  }

  private static String harm() {
    return System.getenv().getOrDefault("HARM", "");
  }
}
