"""The form of a site drawn on the map: where the map starts, and whether the network was followed."""

from __future__ import annotations

from functools import reduce

from django.urls import reverse

from belvedere.domains.plans.public import states
from belvedere.domains.territory.public import boundaries, follows_network, networks, perimeter
from belvedere.faces.web.pages.plans.forms import SiteForm
from belvedere.kernel.clock import today
from belvedere.kernel.geometry import Box, from_geojson


class DrawnSiteForm(SiteForm):
    """A site drawn by hand; positions may snap to the lines of the territory's networks."""

    @property
    def network_url(self) -> str:
        """Where the editor fetches the lines it snaps to; "" without any network."""
        territory = self.subject.room.territory
        if not networks(territory.id):
            return ""
        return reverse("territory:network_lines", kwargs={"territory": territory})

    @property
    def start_box(self) -> str:
        """The box the map opens on, "west,south,east,north": the other sites, else the owner's perimeter.

        "" where neither is known: the map then shows the territory.
        """
        if self.subject.row is not None:
            return ""
        view = self.subject.view
        boxes = [from_geojson(site.geometry).box for site in view.sites] or self._perimeter()
        if not boxes:
            return ""
        box = reduce(Box.around, boxes)
        return ",".join(f"{value:.5f}" for value in box.as_tuple())

    def _perimeter(self) -> list[Box]:
        day = today(self.subject.room.territory.zone)
        places = [place.id for place in perimeter(self.subject.view.owner_id, day)]
        return [shape.box for shape in boundaries(places, day).values()]

    @property
    def method(self) -> states.SiteMethod:
        """Taken from the network where every position lies on it, else drawn."""
        shape = self.cleaned_data["geometry"]
        if follows_network(self.subject.room.territory.id, shape):
            return states.SiteMethod.NETWORK
        return states.SiteMethod.DRAWN
