package io.rolehost.bench.peer;

import io.rolehost.api.RoleContext;
import io.rolehost.api.WebRole;
import io.rolehost.api.http.HttpResponse;

/** A web role that says who it is. */
public final class HelloRole implements WebRole {

  /** Called by the host. */
  public HelloRole() {}

  @Override
  public void onApplicationStart(RoleContext context) {
    HttpResponse hello = HttpResponse.text(200, "hello from " + context.instance().id());
    context.endpoint("http").serve(request -> hello);
  }
}
