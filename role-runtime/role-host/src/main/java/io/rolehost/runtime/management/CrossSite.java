package io.rolehost.runtime.management;

import io.rolehost.runtime.management.Request.Sender;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a page of somebody else's makes a browser send a request that writes. Looked at before
 * any token, so that no token that a browser might have makes up for it. Pure.
 */
final class CrossSite {

  /** What a form can send without asking first. */
  private static final Set<String> OF_FORMS = Set.of("multipart/form-data", "text/plain");

  /** A form's too, and what curl and the JDK say of any body that nobody says anything of. */
  private static final String USUAL_FORM = "application/x-www-form-urlencoded";

  private static final Set<String> OWN_SITES = Set.of("", "same-origin", "none");

  private static final Pattern ORIGIN = Pattern.compile("https?://([^/]+)");

  private CrossSite() {}

  /** Returns the answer to one that must not be served. */
  static Optional<Answer> refusal(Request request) {
    Sender sender = request.sender();
    if (!OWN_SITES.contains(sender.site())) {
      return refuse("Sec-Fetch-Site says " + RequestRules.shorten(sender.site()));
    }
    if (!sender.origins().isEmpty() && !isOwn(request)) {
      return refuse("Origin says " + RequestRules.shorten(String.join(", ", sender.origins())));
    }
    boolean form =
        OF_FORMS.contains(sender.contentType())
            // A form can't send an Authorization header.
            || (sender.contentType().equals(USUAL_FORM) && request.authorization().isEmpty());
    return form
        ? Optional.of(
            Answer.problem(
                415,
                "A body of the type "
                    + sender.contentType()
                    + " can be sent by a form of any web page, so it is not taken here. Send"
                    + " Content-Type: application/json."))
        : Optional.empty();
  }

  private static boolean isOwn(Request request) {
    List<String> hosts = request.hosts();
    if (request.sender().origins().size() != 1 || hosts.size() != 1) {
      return false;
    }
    // Of the scheme only that it is HTTP's: TLS may end at a proxy in front.
    Matcher origin = ORIGIN.matcher(request.sender().origins().getFirst().strip());
    return origin.matches() && origin.group(1).equalsIgnoreCase(hosts.getFirst().strip());
  }

  private static Optional<Answer> refuse(String why) {
    return Optional.of(
        Answer.problem(
            403,
            why
                + ": a page of another site may not have a browser write here. Use the page of this"
                + " plane, or a program."));
  }
}
