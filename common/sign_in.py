"""The door for staff: sign in, land on the screen of your work, choose your language, leave."""

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_language_cookie

from common.access import public
from common.models import Role, User

FIRST_SCREEN = {
    Role.OPERATOR: "console:desk",
    Role.DISPATCHER: "console:board",
    Role.CREW: "crew:jobs",
    Role.SUPERVISOR: "insights:response_times",
}


class SignIn(LoginView):
    template_name = "sign_in.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        user = self.request.user
        role = Role(user.role) if isinstance(user, User) else Role.OPERATOR
        return reverse(FIRST_SCREEN.get(role, "console:queue"))


sign_in = public(SignIn.as_view())
sign_out = public(LogoutView.as_view(next_page="sign_in"))


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The cookie for everybody; staff also keep the choice in their account."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and language in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=language)
    return set_language_cookie(request)
