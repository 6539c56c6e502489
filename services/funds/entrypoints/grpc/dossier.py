"""DossierService: the papers of a session as one document."""

import asyncio

from chassis.ports import Caller
from chassis.rpc import Api, query
from services.funds.entrypoints.dossier_page import Document, document
from services.funds.usecases import UseCases
from services.funds.usecases.dossier import GetDossier


def dossier_api(do: UseCases) -> Api:
    async def get_dossier(asked: GetDossier, caller: Caller) -> Document:
        found = await do.dossiers.get_dossier(asked, caller)
        # In a thread: sixty long applications take longer to write than other calls should wait.
        return await asyncio.to_thread(document, found, asked.language)

    return Api("kiezwerk.funds.v1.DossierService", query("GetDossier", GetDossier, get_dossier))
