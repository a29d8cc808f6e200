package io.rolehost.node;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.http.HttpResponse;

/** A role that prints what the node has given it. */
public final class SettingsRole implements Role {

  @Override
  public boolean onStart(RoleContext context) {
    System.out.println(
        "greeting "
            + context.config().getString("greeting")
            + " port "
            + context.config().getInt("rolehost.endpoints.admin.port")
            + " user "
            + System.getProperty("user.name")
            + " home "
            + System.getenv("HOME")
            + " cache "
            + context.localResource("cache").getFileName());
    context.endpoint("admin").serve(_ -> HttpResponse.text(200, "hi"));
    context.onConfigChanged(
        change -> System.out.println("now " + context.config().getString("greeting")));
    return true;
  }
}
