"""The addresses of a copy that has mail settings: ``pytest.mark.urls``."""

from config.urls import addresses

urlpatterns = addresses(with_mail=True)
