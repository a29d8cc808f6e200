package io.rolehost.cli;

import io.rolehost.api.RoleContext;
import io.rolehost.api.WebRole;
import io.rolehost.api.http.HttpResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Stands for the role that was of .NET: it shows what it was given of the service's settings. */
public final class ImportedRole implements WebRole {

  /** For the host. */
  public ImportedRole() {}

  @Override
  public boolean onStart(RoleContext context) throws IOException {
    context
        .endpoint("Http")
        .serve(request -> HttpResponse.text(200, context.config().getString("Photos.Folder")));
    Path store = context.localResource("Scratch");
    Path _ =
        Files.writeString(
            store.resolve("seen"),
            context.config().getString("DataConnectionString")
                + " "
                + context.config().getString("azure.certificates.Site.thumbprint"));
    return true;
  }
}
