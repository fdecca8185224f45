"""Spanish, written without accents: classes of words, rules, and what takes their finds back. See grammar.py."""

from __future__ import annotations

from outreach.domain.intents import Intent

CLASSES: dict[str, tuple[str, ...]] = {
    name: tuple(phrase.strip() for phrase in phrases.split(","))
    for name, phrases in {
        "no": "no, ya no, nunca, jamas, dejen de, deje de, paren de, pare de, deja de, para de, ni, dejar de, tampoco, "
        "nunca mas, basta de, dejense de, dejese de, que no, parenle de, parar de, eviten, evite, favor de no",
        "deje": "dejen, deje, deja, paren, pare, para, parenle, parale, cesen, cese, dejame, dejenme, dejeme, terminen, "
        "termine, detengan, detenga, suspendan, suspenda, corten, corte, dejense, dejar, cortenle, alto, basta",
        "escribir": "manden, mande, mandes, mandar, mandando, mandarme, mandenme, manda, envien, envie, envies, enviar, "
        "enviando, enviarme, enviandome, escriban, escriba, escribas, escribir, escribirme, escribiendo, escriben, "
        "texteen, textee, textear, textearme, texteando, molesten, moleste, molestes, molestar, molestarme, molestando, "
        "mensajeen, mandandome, lleguen, llegar, llegando, molestes, envian, mandan, fastidien, fastidiar, envienme, "
        "manden me, enviarnos, mandarnos, escribirnos, molestarnos, joder, jodan, chinguen, chingar, spameen",
        "llamar": "llamen, llame, llames, llamar, llamarme, llamando, llamandome, marquen, marque, marcar, marcarme, "
        "llaman, llamarnos, telefonear, marcando, hablen, hablar, hablarme, hablando, llamadas",
        "contactar": "contacten, contacte, contactes, contactar, contactarme, contactando, comuniquen, comunique, "
        "comunicarse, comunicarme, comunicaciones, comunicacion, contacto, busquen, buscar, buscarme, buscando, "
        "contactarnos, contactado, contactada",
        "mensajes": "mensaje, mensajes, mensajitos, texto, textos, correo, correos, email, emails, sms, msj, msjs, "
        "notificaciones, recordatorios, avisos, publicidad, mails, cartas, llamadas, informacion, alertas, whatsapp, "
        "correos electronicos, correo electronico, mensajes de texto",
        "abogado": "abogado, abogada, abogados, licenciado, licenciada, representante legal, representacion legal, "
        "asesor legal, ayuda legal, bufete, despacho juridico, defensor, apoderado, apoderada, asistencia legal, lic, "
        "procurador, apoderado legal, asesoria legal, abogadas, defensoria",
        "pariente": "esposo, esposa, mama, papa, madre, padre, hijo, hija, hermano, hermana, abuelo, abuela, abuelita, "
        "abuelito, tio, tia, primo, prima, marido, mujer, suegra, suegro, sobrino, sobrina, nieto, nieta, jefe, jefa, "
        "jefita, jefito, viejo, vieja, cunado, cunada, novio, novia, pareja, ex, familiar, mami, papi, senora, senor, "
        "nuera, yerno, padrastro, madrastra, vecino, vecina, companero, conyuge",
        "conocido": "primo, prima, jefe, jefa, amigo, amiga, hermano, hermana, hijo, hija, tio, tia, esposo, esposa, "
        "vecino, vecina, papa, mama, sobrino, sobrina, cunado, cunada, novio, novia, padre, madre, patron, compadre, "
        "comadre, companero, yerno, nuera",
        "cosa": "celular, cel, telefono, carro, coche, auto, bateria, pila, compu, computadora, moto, motor, laptop, "
        "perro, gato, perrito, gatito, internet, refrigerador, lavadora, troca, camioneta, tele, pantalla, mascota, "
        "refri, perra, gata, tablet, planta, linea, senal, plantas, celu, movil, camion",
        "deuda": "deuda, deudas, cuenta, cobro, cargo, cargos, adeudo, prestamo, saldo, factura, monto, cantidad, credito, "
        "recibo, reclamo, tarjeta, importe, total, interes, intereses, bil, biles, multa, comision, comisiones",
        "dia": "lunes, martes, miercoles, jueves, viernes, sabado, domingo, manana, hoy, pasado manana, quincena, "
        "fin de mes, fin de semana, fin de ano, finales de mes, final de mes, proxima semana, proximo mes, semana que "
        "viene, mes que viene, otra semana, otro mes, proxima quincena, esta semana, este mes, esta noche, esta tarde, "
        "al rato, ahorita, mas tarde, luego, proximo viernes, proximo lunes, enero, febrero, marzo, abril, mayo, "
        "junio, julio, agosto, septiembre, octubre, noviembre, diciembre, dia de pago, proximo pago, navidad, primero, "
        "siguiente semana, siguiente quincena, mediados de mes, principios de mes, este viernes, dos semanas, unos "
        "dias, en la noche, en la tarde, la semana, fin de quincena, otra quincena, primero de mes, fines de mes, "
        "fin del mes, ultimo dia, un par de semanas, una semana, un mes, ano nuevo, aguinaldo, la quincena",
        "hora": "manana, mananas, noche, noches, tarde, tardes, domingo, domingos, sabado, sabados, fin de semana, "
        "fines de semana, madrugada, mediodia, medio dia, horas, temprano, lunes, viernes, semana santa, siesta, "
        "entre semana, horario, hora de comida, horas de trabajo, almuerzo, comida, cena, medianoche, dias festivos, "
        "horario laboral, jornada, dia",
        "trabajo": "trabajo, chamba, jale, oficina, empleo, jefe, jefa, patron, empleador, empresa, lugar de trabajo, "
        "negocio, compania, laburo, recursos humanos, fabrica, obra, taller, companeros de trabajo",
        "pagar": "pagar, pagarles, pagarle, pago, pagamos, pagare, deposito, depositar, depositarles, depositare, abonar, "
        "abono, mandar, mando, enviar, envio, transferir, transfiero, liquidar, liquido, cubrir, dar, doy, darles, "
        "darle, dare, pagarla, pagarlo, hacer el pago, hago el pago, hacer un pago, hago un pago, ponerme al corriente, "
        "pongo al corriente, liquidarla, mandarles, depositarle, abonarle, abonarles, saldar, pagarte, pagaremos, "
        "realizar el pago, realizo el pago, completar, finiquitar, cumplir, liquidarles, dar algo, pagaria",
        "rebaja": "plan, planes, plan de pagos, plan de pago, pagos, abonos, mensualidades, mensualidad, descuento, "
        "prorroga, extension, mas tiempo, plazo, plazos, arreglo, convenio, ayuda, facilidades, facilidad, rebaja, "
        "reestructurar, acuerdo, chance, oportunidad, tiempo, parcialidades, cuotas, quita, programa, apoyo, "
        "consideracion, tregua, reduccion, aplazar, diferir, paciencia, bajito, pagos chicos, pagos pequenos",
        "enfermo": "enfermo, enferma, enfermedad, hospital, hospitalizado, hospitalizada, cirugia, operacion, operado, "
        "operada, operaron, cancer, accidente, accidentado, incapacitado, incapacitada, incapacidad, embarazada, "
        "internado, internada, covid, quimio, dialisis, tratamiento, discapacidad, discapacitado, grave, lastimado, "
        "lesionado, operar, internaron, delicado, delicada, infarto, derrame, diabetes, convaleciente, cama, "
        "discapacitada, quimioterapia, lastime, accidente de trabajo",
        "lengua": "espanol, castellano, ingles, chino, mandarin, frances, portugues, ruso, nahuatl, mixteco, quiche",
    }.items()
}

RULES: dict[Intent, str] = {
    Intent.VULNERABLE_CRISIS: """
        ! no_tengo/sin/no_me_quedan ~2 fuerzas/ganas ~3 vivir/viviendo/vida/seguir_viviendo
        ! ganas de ~1 vivir/morir/morirme/desaparecer
        ! para que ~1 vivir/seguir_viviendo/sigo_viviendo
        ! ya no ~1 quiero/puedo ~2 vivir/seguir_viviendo/estar_aqui
        ! quitarme/quitar ~1 la_vida/mi_vida
        ! mejor ~1 muerto/muerta
        ! quiero ~1 morir/morirme/que_se_acabe
        quiero/quisiera/prefiero/voy_a/mejor/pienso/ganas_de/pensando_en/deseo/preferiria/gustaria ~2 morir/morirme/matarme/suicidarme/ahorcarme/desaparecer/colgarme/muerto/muerta/matar/no_despertar/no_existir
        me_mato/me_voy_a_matar/me_quito_la_vida/quitarme_la_vida/quitarse_la_vida/acabar_con_mi_vida/terminar_con_mi_vida/acabar_con_todo/me_ahorco/me_corto/cortarme/hacerme_dano/lastimarme/me_suicido/suicid*/me_cuelgo/cortarme_las_venas/terminar_con_todo/me_aviento/aventarme/tirarme
        no ~2 quiero/ganas/razon/sentido/vale/deseo/motivo/motivos/caso ~3 vivir/vida/seguir_viviendo/existir/estar_aqui/seguir_aqui/viva/vivo
        ya_no_quiero_vivir/no_quiero_vivir/sin_ganas_de_vivir/ya_no_quiero_estar/no_le_veo_sentido/nada_tiene_sentido/no_tiene_caso_vivir
        ya_no_puedo_mas/no_puedo_mas/no_aguanto_mas/ya_no_aguanto/no_lo_soporto/no_soporto_mas/no_doy_mas/ya_no_soporto
        tome/tomo/trague/tomarme/tomado/tomando ~2 pastillas/veneno/todas_mis/frasco/tabletas
        mejor/bien ~2 sin_mi
        estarian/estaria/estaran ~3 sin_mi
        nadie ~2 extranaria/importo/importa_si/va_a_extranar
        sobredosis/puente_a_tirarme/tirarme_de/aventarme_de/lanzarme
        alzheimer*/alzeimer/demencia/senil/alzaimer/alzhaimer
        esquizofren*/bipolar/psicosis/psiquiatr*/manicomio/autis*
        depresion/deprimid*/ansiedad ~2
        discapacidad ~1 mental/intelectual
        enferm* mental/mentales/terminal/de_los_nervios
        salud_mental/problemas_mentales/retraso_mental/no_esta_bien_de_la/mal_de_la/perdio_la_razon/no_esta_en_sus/facultades/incapaz/interdicto/no_se_vale_por/crisis_nerviosa/ataque_de_panico/ataques_de_panico
        violencia_domestica/violencia_familiar/me_golpea/me_pega/mi_vida_corre
        fase_terminal/desahuciad*/cuidados_paliativos/paliativos
        me_van_a_matar/matarme_de/me_estan_matando ~2
        no ~1 entiende/comprende ~4 enferm*/edad/mente/mental
    """,
    Intent.BANKRUPTCY: """
        bancarrota/bancarota/bancarrotas/banca_rota/quiebra/quebro/insolven*/en_banca
        capitulo/cap 7/13/11/siete/trece/once
        sindico/concurso_mercantil/concurso_de_acreedores/concursado
        suspension_automatica/paro_automatico
        descargada/descargado/descargo ~4 corte/juez/deuda
        ley_de_segunda_oportunidad/segunda_oportunidad
        me_declare/declararme/nos_declaramos/declarado ~2 quebrado/insolvente
    """,
    Intent.DECEASED: """
        ! perdimos/perdi ~1 a mi/nuestro/nuestra ~2
        ! panteon/cementerio/enterramos/sepultamos
        ! ya no ~1 esta ~1 con nosotros
        ! se nos fue
        ! en paz descanse/qepd
        murio/muerto/muerta/fallecio/fallecido/fallecida/falleciera/fallecimiento/difunto/difunta/finado/finada/fayecio/murieron/fallecieron/muerte/extinto/occiso/fallesio/moriria/murió
        fallec*/fayec*
        ya_no ~1 vive/esta_con_nosotros/esta_entre_nosotros/existe
        no_esta_con_nosotros/paso_a_mejor_vida/en_el_cielo/con_dios/se_nos_fue/se_nos_adelanto/se_nos_murio/partio_de_este/descanse_en_paz/en_paz_descanse/q_e_p_d/qepd/dejo_de_existir/perdio_la_vida/perdi_a_mi/perdimos_a/se_fue_al_cielo/descansa_en_paz/perdi_mi_<pariente>/esta_en_el_panteon
        viuda/viudo/enviude
        albacea/herederos/heredero/heredera/testamento/sucesion/herencia/testamentaria
        acta_de_defuncion/certificado_de_defuncion/defuncion/certificado_de_muerte/funeral/velorio/sepelio/enterramos/enterraron/panteon/cremamos/cremaron/entierro/esquela/sepultamos/novenario
    """,
    Intent.ATTORNEY: """
        <abogado>
        mi/nuestro/un/una/el/la ~1 <abogado> ~4 habl*/comuni*/llam*/lleva/encarg*/represent*/ve/atiend*/dice/dijo
        me/nos representa/representan/representando
        representado/representada ~1 por
        tengo/tenemos ~1 representacion
        poder notarial/legal/amplio
        carta_poder/poder_notarial
        quien_me_represente/quien_me_representa
    """,
    Intent.CEASE_ALL: """
        ! no pago y no pago
        ! no voy/vamos a pagar ~2 nunca/nada/jamas
        ! no ~1 pagare ~1 nunca/jamas
        ! dejenme/dejeme en paz
        <no> ~3 <contactar>
        <deje> ~3 contactar*/comunic*
        no/cesen/cese/alto/sin ~3 toda/todo/ninguna/ningun/cualquier/mas ~2 comunicacion/comunicaciones/contacto
        cesen_y_desistan/cese_y_desista
        no/ni ~1 me? <llamar> ~2 ni/o/, ~2 <escribir>
        no/ni ~1 me? <escribir> ~2 ni/o/, ~2 <llamar>
        de_ninguna_forma/de_ninguna_manera/por_ningun_medio/por_ninguna_via/de_ningun_modo/por_ningun_motivo/ningun_tipo_de_contacto/bajo_ninguna
        dejenme/dejeme/dejame/dejennos/dejen/deje ~2 en_paz/tranquilo/tranquila/tranquilos/vivir/solo/sola
        en_paz_ya/dejar_en_paz/larguense/larguese/vayanse/vayase/al_diablo/al_carajo/chinguen_a_su/vayan_a/olvidense_de_mi/olvidese_de_mi/no_me_busquen/no_me_chinguen/no_esten_chingando/no_me_jodan
        no voy/vamos/pienso/pensamos/quiero/queremos/planeo a? pagar*
        no <pagar> ni/nada/nunca
        no les/le/voy/pienso ~3 pagar*/dar ~2 nada/ni/un/nunca/centavo/peso
        ni_un/ni_un_solo/ningun centavo/peso/quinto/dolar/cinco/duro/euro
        niego/negamos/rehuso/reuso/nego ~1 a ~1 pagar*
        no ~1 pagare/pagaremos/pagara
        nunca ~2 pagar*
        jamas ~2 pagar*
        demandenme/demandeme/demanden_me/haganle_como_quieran/hagan_lo_que_quieran/hagale_como_quiera
        no ~2 quiero/deseo/quisiera ~3 saber_de_ustedes/que_me_contacten/que_se_comuniquen/nada_con_ustedes/ningun_contacto
        no_vuelvan/no_vuelva ~1 a ~1 contactar*/comunicar*/buscar*/molestar*/llamar*
    """,
    Intent.WRONG_NUMBER: """
        ! numero ~1 era de ~2
        ! ya no es ~1 su numero/el_numero_de
        ! este ~1 numero/telefono ~1 ya no es de
        numero/telefono/persona/correo/destinatario/num/email/cel/direccion ~1 equivocad*/incorrect*/errone*/erron*
        equivocad*/eqivocad*/ekivocad*/equibocad*/equivoco/equivocacion/equivocaron/equivocan
        se_equivoco/se_equivocaron/se_confundio/se_confundieron/esta_confundido/me_confunde/me_confunden/confundiendo
        no soy yo $
        ^ yo no soy $
        no soy/es ~1 @name
        no soy ~1 esa/ese/la/el ~1 persona/senor/senora/que/titular/dueno/duena/quien/indicado/indicada
        no soy quien/ella/el $
        no soy ~1 a? quien ~2
        esta/este/aqui/ella/el ~1 no es ~1 @name/su/el/la/de ~3 numero/telefono/casa/persona/correo/senor/senora/ella/el/@name
        no ~1 es ~1 su/el_numero/el_telefono/el_celular/de_ella/de_el ~2
        aqui no ~1 vive/hay/es/esta/existe/se_encuentra/trabaja/conocemos/lo_conocemos/la_conocemos/tenemos
        no ~1 hay/existe/vive/conozco/conocemos/conosco ~3 nadie/ningun/ninguna/con_ese/esa_persona/a_esa/a_ese/con_este_nombre/aqui/@name/al_senor/a_la_senora/de_ese_nombre/ese_senor/esa_senora
        nadie ~3 llama/nombre/conoce
        no ~1 lo/la conozco/conocemos/conosco
        no se_quien/quien_es_ese/quien_es_esa
        no conozco/conosco a
        no me llamo
        ese/esa no ~1 soy/es_mi_nombre/es_mi
        ya_no/no ~1 vive/viven/trabaja/trabajan/labora ~1 aqui/ahi/en_esta/con_nosotros/en_este/en_esa/mas/alli/conmigo
        ya_no ~1 vive/trabaja/labora
        se_mudo/se_cambio_de/se_mudaron/se_fue_de_aqui/se_cambiaron
        quien es @name
        ^ quien es _ $
        quien_es_esa/quien_es_ese/quien_es_el_senor/quien_es_la_senora/quien_es_esta_persona ~2
        este/mi numero/telefono/celular/linea/cel/chip ~2 nuevo/mio/mia/ya_es/lo_acabo/me_lo/es_de_otra/pertenece/era_de/cambio
        numero/telefono/chip/linea ~3 acabo_de/acabo/nuevo/nueva/recien/compre/comprado/asignaron/dieron
        acabo_de ~2 sacar/comprar/adquirir/contratar ~2 numero/linea/chip/telefono/celular
        cambie/cambio de numero
        es/soy ~1 de_otra/otra persona
        soy su/la/el/la_actual/el_actual/del/de ~1 <pariente>/secretaria/asistente/vecina/vecino/companero
        habla su/la/el <pariente>
        es/era ~1 numero/telefono/linea ~2 negocio/empresa/oficina/trabajo/tienda/otra
        este/esto/aqui/usted/llamo es/llamando/llamo/llega/marca/marco/a ~2 negocio/empresa/restaurante/tienda/oficina/hotel/clinica/escuela/taller/panaderia/consultorio/farmacia/hospital/recepcion
        busca/buscan/buscando ~2 a_otra/otro/alguien_mas/a_alguien_mas
        para_otra_persona/de_otra_persona/a_otra_persona/alguien_mas/persona_equivocada/otra_persona
        recibo/llegan/llega/recibiendo ~4 para/de ~2 @name/otra/alguien/una_tal/un_tal
        un_tal/una_tal/ningun_tal
        <pariente>/el/ella ~1 el/ella? no ~1 esta/se_encuentra/anda
        numero_equivocado/no_pertenece/no_corresponde/no_es_de/no_le_pertenece ~2
        no_tengo_nada_que_ver ~2
    """,
    Intent.IDENTITY_THEFT: """
        robo/robaron/robado/robada/robar/usurpacion/usurparon/suplant*/clonaron/clonada/hackearon/robarme ~3 identidad/datos/mi_tarjeta/informacion/mis_datos/documentos/mi_ine/mi_nombre/cuenta/cartera
        robo_de_identidad/victima_de_fraude/victima_de_robo/victima_de_una_estafa
        victima de ~2 fraude/robo/identidad/estafa
        alguien/persona/desconocido/otro/otra/<pariente> ~2 abrio/uso/saco/firmo/pidio/solicito/tramito/utilizo/puso ~5 mi_nombre/mi_identidad/mis_datos/mi_firma/sin_mi/mi_seguro/mis_documentos/mi_credencial/a_nombre_mio/mi_social/esa_cuenta/mi_ssn
        usaron/usan/utilizaron/usando/usado/sacaron/abrieron/tramitaron/pidieron/firmaron/solicitaron/hicieron ~5 mi_nombre/mis_datos/mi_identidad/mi_seguro/mi_social/sin_mi/mi_firma/mi_credencial/mi_informacion/mis_documentos/mi_ine/mi_curp/mi_ssn
        falsific*/falsa_firma/firma_falsa/no_es_mi_firma/fraudulent*
        es ~1 fraude
        denuncia ~4 robo/fraude/identidad
        sin mi ~1 permiso/consentimiento/autorizacion/conocimiento
    """,
    Intent.DISPUTE: """
        disput*/impugn*/inconform*/desconozco/no_reconozco/no_la_reconozco/no_lo_reconozco/no_reconocemos/refuto/objeto_la/controvert*
        no ~1 le/les? debo/debemos/debia/adeudo
        yo no ~2 debo
        no debo/debemos ~1 nada/eso/esa/ese/tanto/dinero/ni
        no ~1 es/son ~1 mia/mio/mios/nuestra/nuestro/mi_deuda/mi_cuenta/nuestro/mias/mi_problema/mi_responsabilidad/mi_prestamo/mi_culpa/mi_tarjeta/lo_que_debo
        <deuda>/eso/esta/esto/precio/cuentas/informacion ~3 mal/incorrect*/equivocad*/erronea/erroneo/errado/errada/falso/falsa/no_coincide/no_cuadra/no_es_correct*/no_es_la_correct*/no_esta_bien/inflado/inflada/no_concuerda
        error en/con ~2 <deuda>
        hay/es/tienen/cometieron un_error/error
        cobr*/cobrando ~3 de_mas/doble/dos_veces/demasiado/algo_que/lo_que_no/injust*/por_algo/otra_vez/indebid*/todavia/aun
        doble_cobro/cobro_indebido/cargo_indebido/cargos_indebidos/cobro_doble
        prueba/pruebas/comprobante/comprobantes/pruebe/prueben/demuestre/demuestren/comprueben/compruebe/evidencia/documentacion/validacion/validar/verificacion/verificar/verifiquen/validen/desglose/estado_de_cuenta/aclaracion/aclarar/contrato ~3
        mande/manden/muestren/muestre/ensenen/ensene/envien/envie/quiero/necesito/mandenme/presenten/exijo/solicito/donde ~4 papeles/documentos/contrato/prueba/pruebas/comprobante/desglose/firma/firme/estado_de_cuenta/factura/evidencia
        nunca/jamas/no ~2 tuve/firme/recibi/pedi/saque/compre/solicite/he_tenido/tenido/abri/autorice/contrate/use/acepte/me_entregaron/llego_el/me_llego_el/acorde/quede_en/he_firmado/he_comprado/di_mi ~3
        solo/solamente/nada_mas/unicamente/nomas ~1 debo/debia/debemos/eran/son ~2
        debo/debia/son/eran/era ~1 # ~1 no/y_no ~1 #
        debo/debia ~1 la_mitad/menos/mucho_menos/solo/solamente
        # no #
        ya ~2 pague/pagamos/liquide/cubri/salde ~1 esta/esa/la/ese/este/eso/todo/lo ~1 <deuda>/completo/hace/completa
        liquid*/saldad*/finiquit*/cancelada ~3 ya/hace/esta/la/lo/cuenta/deuda/anos/todo
        ya/la/lo/eso ~2 liquide/liquidamos/salde/saldamos/finiquite/liquidado/liquidada/saldada/saldado/termine_de_pagar/acabe_de_pagar
        pague/pagado/pagada/pagamos/pagamos_todo ~2 hace ~2 anos/tiempo/mucho/meses/ano
        ya ~1 pague/pagamos ~3 hace
        por_que/porque/como ~2 debo/tanto/subio/cobran/aumento/me_cobran/es_tanto/le_debo/salio/crecio/dicen_que_debo
        quien_dice ~2 debo
        de_donde ~2 salen/sale/sacan/sacaron/viene/vienen/salio ~3
        que_intereses/que_cargos/que_deuda/que_cuenta/cual_deuda/cual_cuenta ~1
        intereses/interes/cargos/comisiones ~3 ilegal*/altos/abusivos/usura/muy/exagerado*/no_acepte/nunca/injust*/mal
        cancele/cancelamos/devolvi/regrese/di_de_baja/entregue ~3 servicio/producto/contrato/membresia/suscripcion/cuenta/articulo/tarjeta/antes/hace/equipo/carro
        cancele ~1 ese/el/la/eso
        seguro/aseguranza/medicaid/medicare ~3 pago/paga/pagar/cubre/cubrio/cubrir/cubria/tenia
        estafa/estafadores/rateros/ladrones/extorsion/timo/fraude_de_ustedes/estafando/robando
        prescri*/caduc*/muy_vieja/vencida_legalmente
        era/es ~1 de_mi_ex/de_mi_esposo/de_mi_esposa/de_mi_exesposo/de_mi_hermano/de_mi_<pariente>/de_otra_persona
        de_mi ex/exesposo/exesposa ~3
        producto/articulo/servicio ~3 defectuoso/roto/nunca/no_llego/malo/no_sirvio/danado
    """,
    Intent.OPT_OUT_CHANNEL: """
        ! dejen/deje/paren/ya_no/no ~4 chinga*/fregar/fregando/joder/jodiendo/molestar/molestando/chingando ~4 <mensajes>
        ! ya no ~2 chinguen/frieguen/jodan/molesten
        <deje> ~2 <escribir>/<mensajes>/spam
        <deje> de ~2 <llamar>
        <no> ~2 <escribir>/spam
        <no> ~1 me/nos <llamar>
        <no> ~2 <mensajes>
        no/ya_no/nunca ~2 quiero/deseo/quisiera/queremos/autorizo/acepto/necesito/doy/gusta/autorice/interesa/interesan/pedi/solicite ~4 <mensajes>/recibir/permiso/consentimiento/lleguen/manden/escriban/que_me/sus/suscrip*
        no ~1 mas/mas_ya $
        no/sin/ni ~1 mas <mensajes>
        ya_no_mas/no_mas/ya_basta/basta_ya/ya_estuvo/ya_parenle/ya_parale/ya_paren/ya_pare/ya_dejen/ya_deje/ya_chole/ya_fue_suficiente/parenle/parale/ya_cansan/ya_no_molesten/no_molesten/no_moleste/no_molestar/me_tienen_harto/me_tienen_harta/harto_de/harta_de/cansado_de/cansada_de/dejenle
        dar/darme/de/denme/dame/den/deme/doy/dame_de/solicito/quiero/darnos/dado/pido/date ~2 baja
        ^ baja ~2 $
        baja ~2 lista/suscripcion/servicio/mensajes
        quit*/saqu*/sac*/borr*/elimin*/remuev*/remov*/retir*/bloque* ~3 mi/mis/este/esta/lista/listas/numero/telefono/correo/base/registro/sistema/datos/de_su
        quitenme/quiteme/quitame/saquenme/saqueme/sacame/borrenme/borreme/borrame/eliminenme/elimineme/eliminame/remuevanme/desuscrib*/desinscrib*/desubscrib*/desafili*/cancelenme/canceleme/quitarme/borrarme/eliminarme/sacarme/des_suscrib*/desapunt*
        cancel* ~3 suscripcion/mensajes/subscripcion/textos/correos/notificaciones/envio/envios/alertas/suscripciones
        retiro/revoco/retirar/revocar/anulo/revocado/retire ~3 consentimiento/permiso/autorizacion
        no/sin/nunca ~2 consentimiento/autorizacion/permiso
        alto/basta/stop/baja/parar/pare/paren/cancelar/salir $
        ^ alto/basta/stop/baja/parar/pare/paren
        alto/basta ~1 por_favor/ya/con/de/gracias
        <mensajes> ~2 no_deseados/molestos/no_solicitados
        los/lo/te/voy_a bloque* ~2
        bloquear/bloqueo/bloqueando ~1 numero/este/los/su/contacto
        fastidian/molestan/acosen ~2 <mensajes>
        no_me_llega*/que_no_me_llegue*
    """,
    Intent.COMPLAINT_LEGAL_THREAT: """
        demandar/demandarlos/demandarlas/demandare/demandarla/demandarle/demandarlo/demandando/demando/demanda_contra/demandaremos/demandarles ~2
        queja/quejas/quejarme/quejare/denunci*/reclamacion_formal
        reporto/reportar/reportare/reportarlos/reportarles/reportando/reportados/reportarla/reportaremos ~3
        profeco/condusef/cfpb/ftc/procuraduria/consumidor/defensor_del_pueblo/fiscalia/autoridades/procurador_general/sernac/ocu
        nos_vemos/los_veo/nos_veremos/las_veo/lo_veo/los_llevo/llevarlos/llevare ~2 corte/juzgado/tribunal/tribunales/juicio
        ilegal/ilegales/contra_la_ley/violando/violan/viola_la_ley/delito/ilicito/fuera_de_la_ley/va_contra_la_ley
        acos*/hostig*/amenaz*/intimid*/extorsion*/abuso/abusivos/abusan
        grabad*/grabando/grabacion/grabaciones/grabe ~2
        voy_a/vamos_a/quiero/pienso/tal_vez/a_lo_mejor/tendre_que/podria/puedo/debo/si_siguen ~3 buscar/contratar/conseguir/hablar_con/contactar/consultar/poner/meter/llamar_a ~1 un/una/con_un? ~1 <abogado>
        accion_legal/acciones_legales/proceder_legalmente/por_la_via_legal
        grosero/groseros/grosera/me_grito/me_insulto/mal_trato/me_falto_al/falta_de_respeto/prepotente/insultos/maltrato/me_ofendio
        llamar_a_la_policia/llamare_a_la_policia/policia
    """,
    Intent.BREATHING_SPACE_DEBT_ADVICE: """
        consejer*/asesor*/asesoria/consejo/consolid*/manejo/administracion/gestion/alivio/liquidadora/reparadora/negociadora/agencia ~2 de? ~1 deuda/deudas/credito/crediticia/crediticio/financier*
        programa ~2 deudas/deuda
        reparadora_de_credito/resuelve_tu_deuda/consolidadora/plan_de_manejo/moratoria/consejeria
        ong/organizacion/fundacion ~4 deudas/deuda
        <pariente>? asesor/consejero/consejera/asesora financier*
    """,
    Intent.MILITARY_SCRA: """
        ejercito/marina/fuerza_aerea/fuerzas_armadas/guardia_nacional/infanteria/militar/militares/marines/fuerzas_militares/cuartel/batallon/regimiento/armada
        desplegad*/desplegaron/despliegue/destacad*/mision_en_el ~2
        soldado/soldada/sargento/cabo_del/teniente/recluta/marinero
        servicio_activo/servicio_militar/en_activo/base_militar/base_naval/ordenes_militares/entrenamiento_basico/campo_de_entrenamiento/alistado/aliste/me_enliste/scra
    """,
    Intent.NO_WORK_CONTACT: """
        <no> ~2 <llamar>/<escribir>/<contactar>/vengan/venir/llaman/hablan ~3 al/a_mi/en_mi/mi/en_el/en_la/a_la/con_mi/del/en_horas ~1 <trabajo>
        me/nos ~1 van_a/pueden/podrian/vayan_a/iban_a/quieren/estan_por ~1 correr/despedir/echar/sacar/regañar/reganar/suspender
        corran/despidan/corren/despiden/echen/regañan/reganan/regañen/reganen ~3 por/del/de_mi/sus/si/trabajo/culpa
        perder/pierdo/perdiendo/perdere/cuesta/costar/costando ~2 mi/el ~1 trabajo/empleo/chamba/jale
        problemas/problema ~2 en/con ~1 mi/el ~1 <trabajo>
        en_mi/el/en_el/mi ~1 <trabajo> ~2 no_permiten/no_permite/no_me_permiten/no_me_dejan/prohiben/prohibe/no_puedo_contestar/no_dejan/no_puedo_hablar/se_enoja/no_me_deja
        <llamar>/llamaron/llamando/hablaron ~2 a_mi/en_mi/al/con_mi <trabajo>
        no ~1 puedo ~3 llamadas/contestar/telefono/hablar ~2 trabajo/oficina/chamba
        no ~1 en/a/al/mi ~1 trabajo/oficina/chamba/empleo
        este/es ~2 correo/telefono/numero/email ~2 trabajo/oficina/empresa
    """,
    Intent.CHANNEL_PREFERENCE: """
        solo/solamente/unicamente/nada_mas/puro/puros/nomas ~2 por? ~1 correo/email/mensaje/mensajes/texto/textos/carta/llamada/llamadas/escrito/whatsapp/telefono
        por ~1 correo/email/mensaje/texto/carta/escrito/whatsapp/telefono/mail/mensajes/llamada ~1 por_favor/mejor/solo/solamente/es/esta
        mejor/prefiero/preferiria/preferimos/quisiera/gustaria/preferible/preferencia ~4 correo/email/mensaje/mensajes/texto/textos/carta/llamada/llamadas/escrito/whatsapp/llamen/llame/telefono/papel/cartas/mail/llamar
        correo/email/mensaje/mensajes/texto/textos/carta/cartas/whatsapp ~2 esta_bien/esta_mejor/es_mejor/mejor/si/esta_ok
        por_escrito/en_papel/por_carta/correo_postal/a_mi_correo/a_mi_email/a_mi_casa/por_correo/por_mensaje/por_texto/por_whatsapp/por_telefono/por_email/por_mail
        no ~3 <llamar>/telefono ~4 mensaje/mensajes/mandenme/mandeme/texto/textos/escribanme/escribame/correo/email/whatsapp/escriban/escriba/carta/texteen/mejor
        no ~3 mensajes/textos/texto/mensaje/correos/<escribir> ~4 llamenme/llameme/llamen/llame/llamada/telefono/carta/llamadas/hablenme
        mensaje/mensajes/texto/textos/correo/correos/email/escribir/whatsapp ~4 no/pero_no/sin ~2 llamadas/llamen/llamar/llame/marquen
        llamadas/llamen/llamar/llame ~3 pero_no/no ~1 mensajes/textos/texto/correos/escriban
        mandenme/mandeme/manden/mande/envienme/envieme/envien/envie/manda/enviar/mandenlo/mandelo/enviemelo/mandenmelo ~4 carta/correo/email/mensaje/escrito/texto/whatsapp
        escribanme/escribame/textenme/texteenme/correo_en_vez/en_vez_de/en_lugar_de ~2
        no ~1 leo/uso/reviso/veo/se_usar ~3 mensajes/correo/correos/email/textos/sms
    """,
    Intent.INCONVENIENT_TIME: """
        no ~2 <llamar>/<escribir> ~2 antes/despues/hasta ~2 #
        <no> ~4 antes/despues/hasta/entre/pasadas ~3 #/<hora>/una/dos/tres/cuatro/cinco/seis/siete/ocho/nueve/diez/once/doce
        <no> ~4 en/por/los/las/de/a_la/el/durante/tan/estas ~2 <hora>/tarde/temprano/trabajo/comida
        ^ los/las/el ~1 <hora> ~2 no
        <llamar>/<escribir>/<contactar>/llamenme/llameme/marquenme/marqueme/puedo/hablo/disponible/libre/contesto/atiendo/escribanme/mandenme/hablenme/marcame/llamame/hableme ~3 despues/antes/entre/a_partir/hasta/pasadas ~3 #/<hora>/una/dos/tres/cuatro/cinco/seis/siete/ocho/nueve/diez/once/doce/trabajo
        llamenme/llameme/marquenme/marqueme/llamen/llame/escribanme/hablenme/marcame/llamame ~2 en_la/por_la/los/a_las/el ~1 <hora>/#
        despues/antes ~2 # ~3 puedo/mejor/llamenme/por_favor/si/esta
        no antes ~2
        no despues ~2
        mejor ~2 <hora>
        en_la/por_la/los/a_la ~1 <hora> ~1 mejor/puedo/si/es_mejor/solamente/esta
        solo/solamente ~2 en_la/por_la/los/despues/entre/fines ~2 <hora>/#
        muy/tan/demasiado temprano/tarde
        dormid*/durmiendo/duermo/dormir/desperte/despertaron/despiertan
        trabajo/turno/chambeo/laboro/trabajando ~3 noche/noches/nocturno/madrugada/velada
        manejando/conduciendo/al_volante
        estoy/ando/estare/estoy_en ~2 ocupad*/junta/reunion/misa/clase/clases/trabajando/iglesia/cita/comiendo/cenando/examen/escuela/turno/horario
        en_misa/en_la_iglesia/en_clase/en_una_junta/en_junta/en_el_doctor/en_horario
        mal_momento/no_es_buen_momento/no_es_hora/mala_hora/que_hora_es/son_horas/no_son_horas/ahorita_no_puedo_hablar/no_puedo_hablar_ahorita/no_puedo_contestar/no_puedo_atender/llamen_mas_tarde/llame_mas_tarde/llame_luego/hablamos_luego/ahora_no_puedo_hablar/en_otro_momento/mas_tarde_por_favor/llameme_mas/llamenme_mas
        no puedo hablar/contestar/atender ~4
        domingos/sabados no
    """,
    Intent.HARDSHIP: """
        no ~3 puedo/podemos/puede/podre/podria/alcanzo/pude/podido/logro/alcanza ~3 pagar*/cubrir/pago/pagos/dar/completar/tanto/con/liquidar/hacer/abonar/mas/ahorita/ahora/depositar/juntar
        imposible ~1 pagar*
        no ~2 alcanza/ajusta/completo/rinde/hay_dinero/hay_lana
        no/sin/ni ~2 tengo/tenemos/hay/cuento/dinero/trabajo/chamba/empleo/ingresos/lana/recursos/feria/plata/jale/fondos/laburo/un_peso/un_quinto/un_centavo/sueldo ~2 dinero/trabajo/chamba/empleo/ingresos/lana/con_que/para_pagar/como_pagar/recursos/feria/plata/ni/un_peso/nada/jale/fondos/manera/solvencia/suficiente/para
        sin_trabajo/sin_chamba/sin_dinero/sin_empleo/sin_ingresos/sin_un_peso/sin_lana/sin_jale/sin_un_quinto/sin_un_centavo/sin_feria/sin_plata/sin_sueldo
        perdi/perdimos/perdio ~3 trabajo/empleo/chamba/casa/jale/negocio/todo/ingresos/ingreso
        desempleo/desempleado/desempleada/cesante/desocupado/parado_sin/despidieron/corrieron/despedido/despedida/descansaron/liquidaron_del/me_echaron/cesaron/me_corrio/cerraron_la/cerro_la/recortaron/recorte/recorto
        quede/quedo/quedamos/quedaron ~1 sin ~2
        estoy/esta/estuve/estamos/ando/anda/tengo/tiene/por/con/me/se/de/en/hijo/hija/mama/papa/esposa/esposo/una/un ~3 <enfermo>
        hospital/hospitalizad*/internad*/operaron/cirugia/operacion/enfermedad/incapacidad/incapacitad*
        reduj*/bajaron/cortaron/recortaron/redujeron ~2 horas/sueldo/salario/turnos/dias
        menos horas
        vivo/vivimos/sobrevivo/mantengo/vive ~2 de/con/al ~3 seguro/pension/#/ayuda/beneficencia/caridad/dia/estampillas/gobierno/lo_poco/poco
        seguro_social/pension/pensionad*/jubilad*/estampillas/ayuda_del_gobierno/discapacidad
        ando/estoy/andamos/estamos/esta/ta/anda/me_encuentro ~2 apretad*/corto/corta/corto_de/quebrad*/arruinad*/dificil/jodid*/fregad*/bruja/cortos/ahorcad*/endeudad*/ajustad*/pobre/mal_economicamente/mal_de_dinero/atrasad*/en_la_ruina/en_ceros/limitad*/pelad*/duro/duro/escas*/en_apuros/seco/pasando/sofocad*
        batall*/dificultad*/apuros/crisis_economica/mala_racha/mal_momento_economico/mala_situacion/situacion_dificil/situacion_economica/tiempos_dificiles/problemas_economicos/problemas_de_dinero/problemas_financieros/estrechez/necesidad/dificil_situacion
        situacion ~3 dificil/mala/complicada/critica/dura/fea
        esta/estan ~2 dificil/duro/dura/cosa/canijo/cabron/duras
        tengo/tienen/hay/ofrecen/quiero/quisiera/necesito/pueden/puede/podria/podrian/puedo/podemos/dan/deme/denme/dar/darme/hacer/ocupo/ayuden/solicito/pido/posible/algun/alguna/me ~4 <rebaja>
        puedo/podria/puede/pueden/podrian/podemos ~3 pagar/pagarles/abonar/dar ~3 menos/poco/poquito/partes/abonos/plazos/pagos/semanal/cuotas/mensual/quincenal
        bajen/bajar/bajarme/bajarle/baje/reducir/reduzcan/rebajar/rebajen/disminuir/quitar/quiten/condonar/perdonar/congelar ~3 mensualidad/pago/pagos/cantidad/intereses/interes/cuota/monto/deuda/recargos
        solo/solamente/nomas/nada_mas ~1 puedo/podria/alcanzo/tengo ~3 #/dar/pagar/poco/para
        deme/denme/dame/dennos/ocupo/necesito chance/tiempo/oportunidad/mas_tiempo
        atrasad*/atrase/atrasamos ~3 renta/pagos/biles/luz
        renta/comida/luz/hijos/ninos/leche ~4 primero/antes/apenas/comer/mantener/alcanza
        dar_de_comer/mantener_a/madre_soltera/padre_soltero/divorcio/separacion/separando/recien_nacido/parto/maternidad/huracan/inundacion/incendio/se_quemo/terremoto/me_robaron_todo/asaltaron
        pobre/pobreza/desalojo/desalojaron/me_sacaron_de_la/en_la_calle/hambre
        compadezcan/piedad/compasion/tenganme/tengan ~1 paciencia
        negocio/ventas/trabajo ~3 flojo/floja/bajo/bajas/mal/lento/quebro/cerro/cerrado/no_va_bien/poco
        poco ~1 trabajo
    """,
    Intent.REQUEST_ORIGINAL_CREDITOR: """
        acreedor/acredor/prestamista/acreedora
        <deuda>/compania/empresa/banco/credito ~1 original/originalmente/inicial/anterior
        a/de ~1 quien/cual/que ~3 compr*/adquir* ~3
        de ~1 quien/que/cual/donde ~3 es/viene/era/son ~2 <deuda>/esto/eso
        a ~1 que/cual/quien ~2 banco/empresa/compania/tienda/institucion/le_debo/se_supone/debo/le/debemos
        que ~1 banco/tienda/compania/empresa/tarjeta ~4 debo/deuda/es_esta/es_la_deuda/dio/otorgo/prestamo
        de ~1 que/cual ~1 banco/tarjeta/tienda/compania/prestamo/cuenta/empresa/credito
        para_quien_cobran/a_nombre_de_quien/en_nombre_de_quien/quien_les_vendio/quien_vendio/quien_les_dio/a_quien_le_debo/de_donde_viene
        por/de que es/me_cobran ~3
        nombre ~3 acreedor/banco/prestamista
    """,
    Intent.PAID_ALREADY: """
        ya/la/lo/les/le/apenas/acabo_de/hoy/ayer/ahorita/me/se ~2 pague/pago_ayer/pagamos/pagado/pagada/deposite/depositamos/depositado/transferi/hice/mande/envie/abone/di/pagar/realice/realizado/pagaron/cubri/deposito_ayer/liquide_ayer/cobraron/descontaron/depositar/transferir/puse
        pague/page/pagamos/deposite/depositamos/transferi/abone ~3
        ya ~1 page/pago/paguè $
        esta/estan/quedo/fue ~1 pagad*/liquidada_ayer/cubierto
        hice/hicimos/mande/mandamos/envie/enviamos/realice/realizamos/efectue/hizo/hicieron/mando ~3 pago/transferencia/deposito/cheque/abono/giro/dinero/payment
        pago ~2 se_hizo/hecho/realizado/esta_hecho/fue_hecho/enviado/ya_esta/se_realizo/fue_enviado/confirmado/reflejado/procesado/se_mando/salio/ya_se/fue_realizado
        comprobante/recibo/ficha ~1 de ~1 pago/deposito/transferencia
        numero_de_confirmacion/cheque_en_camino/cheque_va_en/va_en_el_correo/va_en_camino/al_corriente/ya_cumpli/ya_quedo/ya_esta_hecho/ya_les_pague
        me/se ~1 descontaron/cobraron/debitaron/cargaron ~3
        pague_por/pague_con/pague_en
    """,
    Intent.PROMISE_TO_PAY: """
        cuando/en_cuanto/apenas ~2 cobre/cobro/paguen/depositen ~2 pago/deposito/abono/pagare/transfiero
        <pagar> ~5 <dia>/#
        <dia>/# ~4 <pagar>/paso/voy/traigo/llevo/hago
        puedo/podria/voy_a/vamos_a/quiero/prometo/intentare/tratare/espero/les/le/te/lo/la ~2 <pagar> ~5
        prometo/comprometo/comprometemos/promesa/compromiso/me_comprometo
        pagare/pagaremos/depositare/liquidare/abonare/transferire/mandare/cubrire/cumplire
        cuando/en_cuanto/apenas/despues_de_que/luego_que/hasta_que/ya_que/tan_pronto/una_vez ~4 pague/paguen/cobre/cobro/deposite/depositen/llegue/salga/caiga/reciba/tenga/venda/quincena/cheque/pagan/pagaron/sueldo/taxes/impuestos/aguinaldo/raya/nomina/reembolso/refund/bono
        paso/pasare/voy/ire/vengo/llego/pasar ~5 pagar*/pago/depositar/oficina/dejar/<dia>
        ^ para/por/hasta/en/a/al/el/la/este/esta/pa/por_el/para_el/antes_del/como_el/a_mas_tardar/hasta_el ~1 el/la/los/este? ~1 <dia>/# ~2 $
        ^ <dia> ~2 $
        ^ el ~1 # ~2 $
        deme/denme/dame/esperenme/espereme/espere/esperen/aguanten/aguante/aguantenme/hasta/tiempo/chance ~3 hasta/al/para/a ~3 <dia>/#
        la_mitad/mitad/una_parte/parte/algo/resto ~4 ahora/hoy/<dia>/luego/despues/#
        cobro/rayo/me_pagan/nos_pagan/me_depositan/me_cae/recibo_mi ~4
        me ~1 pagan ~3 <dia>/#
        # ~3 cada/ahora/hoy/por_semana/por_quincena/al_mes/semanales/mensuales/y_el_resto/el/ahorita ~2 <dia>/semana/quincena/mes?
        sin_falta/apunteme/apuntenme/anoteme/cuente_con/pongame_para ~3
        primera_hora ~2
    """,
    Intent.HUMAN_OR_CALLBACK: """
        ^^ agente/representante/operador/operadora/asesor/supervisor/gerente/persona/humano/una_persona/ejecutivo/atencion_al_cliente/encargado por_favor? $
        hablar/platicar/comunicar/comuniqueme/comunicame/comuniquenme/paseme/pasenme/pasame/conectar/transfer*/atienda/atiendan/contactar ~3 con/a/una/un ~3 alguien/persona/agente/representante/supervisor/gerente/humano/operador/asesor/encargado/ejecutivo/ustedes/alguna
        persona/humano/alguien ~1 real/de_verdad/viva
        llamame/llameme/llamenme/marqueme/marquenme/marcame/llameme/hableme/hablenme/hablame/telefoneenme ~2
        me/nos ~1 puede/pueden/podria/podrian/pudieran/puedes ~1 llamar/marcar/hablar
        pueden/puede/podria/podrian/pudieran ~1 llamarme/marcarme/hablarme/devolverme/regresarme
        regrese*/regresen*/devuelv* ~3 llamada
        que_me ~1 llame*/marque*/hable/hablen
        robot/maquina/bot/computadora/automatico/contestadora ~2
        un/una/con_un ~1 representante/agente/supervisor/gerente/operadora/asesor
        numero/telefono ~4 llamo/llamar/comunico/comunicarme/hablar/marco/llamarles/llamarlos
        como/donde/a_donde ~2 me_comunico/los_contacto/les_llamo/puedo_llamar/llamo/comunicarme/los_llamo
        quiero/necesito/puedo ~2 hablar/llamar/platicar
        atencion_al_cliente/servicio_al_cliente/hay_alguien/alguien_ahi/una_llamada
        espero ~1 su ~1 llamada
    """,
    Intent.LANGUAGE_REQUEST: """
        no ~3 hablo/habla/entiendo/comprendo/leo/se/entender/puedo_leer/hablamos/entendemos/escribo ~2 ingles
        poco/nada_de/mal/sin ingles
        en <lengua>
        ^ <lengua> ~1 por_favor?/please? $
        habla/hablan/hablas/alguien_que/hable/tienen/solo/solamente/hablo/manden/escriban/mandenlo/mandemelo/quiero/nada_mas/mensaje/mensajes ~4 <lengua>
        <lengua> por_favor/please
        traduc*/interprete/cambien_el_idioma/cambiar_idioma/idioma/otro_idioma/mi_idioma
    """,
    Intent.HELP: """
        ^^ ayuda/info/informacion/ayudenme/ayudame/mas_informacion/mas_info/ayuda_por_favor/menu/opciones/informes $
        ayudenme/ayudeme/ayudame/necesito_ayuda/me_pueden_ayudar/me_puede_ayudar/mas_informacion/mas_info/quiero_informacion/necesito_informacion/quiero_saber/me_pueden_informar/explique*/me_puede_explicar/me_pueden_explicar/ayuda_por
        ^ quien/quienes ~1 es/son/eres/habla/escribe/manda/envia ~2 $
        quien/quienes ~1 es_usted/son_ustedes/eres/es_este/me_escribe/me_habla/me_esta/me_llama/me_manda/habla/me_escriben/son_uds
        de_parte/de_que_parte ~1
        que/cual ~1 empresa/compania/negocio/institucion/agencia ~2 es/son/llama/me_escribe/habla/me_habla
        de ~1 donde/que/cual ~2 hablan/llaman/escriben/me_hablan/me_llaman/empresa/compania/son/consiguieron/sacaron_mi/obtuvieron/me_escriben/eres
        que ~1 es_esto/es_eso/quieren/quiere/desean/necesitan/se_le_ofrece/se_les_ofrece/significa/onda/paso/necesita/desea
        de_que ~1 se_trata/trata/es_esto/me_habla/me_hablan/hablan
        de_que_se_trata/se_trata_de_que/sobre_que/acerca_de_que/para_que_es/a_que_se_debe/en_relacion_a_que
        por_que/porque/pq ~1 me_escriben/me_mandan/me_llaman/recibo/me_llegan/me_estan/tienen_mi/me_contactan
        como ~2 consiguieron/tienen/obtuvieron/sacaron/hago/le_hago/puedo/cancelo/me_doy/detengo/paro/evito/dejo ~3 mi_numero/mi_correo/para_que_no/para_no/para_dejar/mensajes/baja/mi_telefono/de_recibir/cancelar_los/estos/que_no
        es_real/es_verdad/es_legitimo/es_confiable/donde_estan_ubicados/donde_estan/como_funciona/donde_se_ubican/es_cierto
    """,
    Intent.OPT_IN: """
        ^^ si/iniciar/comenzar/empezar/reanudar/suscribir/suscribirme/activar/alta/reactivar/si_quiero/claro_que_si/continuar/aceptar/acepto/si_acepto/si_por_favor/simon/sip/inicio/suscribirse/empieza $
        vuelvan/vuelva/volver/reanud*/reactiv*/activ*/continuen/sigan/siga/empiecen/inicien/reinici*/comiencen ~4 <mensajes>/mandarme/enviarme/escribirme/enviando/mandando/enviar/mandar/escribiendo
        quiero/deseo/quisiera/pueden/puede/acepto/autorizo/si ~3 recibir/volver_a/mandarme/enviarme/escribirme/escribir/mandar/los_mensajes ~3 otra_vez/de_nuevo/nuevamente/mensajes/si/recibir/recibiendo
        suscrib* ~2 nuevo/otra/nuevamente
        suscribanme/suscribame/resuscrib*/reinscrib*/inscribanme/inscribame/apuntenme_otra/denme_de_alta/darme_de_alta/de_alta
        cambie_de_opinion ~5 mensajes
    """,
}

#: What takes a find back that lies within it: the same words in another sense.
VETOES: dict[Intent, str] = {
    Intent.VULNERABLE_CRISIS: """
        ya_no_puedo_mas/no_puedo_mas que/de/con_estos/con_los/que_pagar
        no_puedo_mas $ que
        puedo mas_tarde/mas_dinero
        no_puedo_mas ~1 #
        muero/morir de_risa/de_hambre/de_ganas
        <cosa> ~3 muerto/muerta/murio
        incapaz de ~1 pagar
    """,
    Intent.BANKRUPTCY: """
        no/nunca/tampoco ~3 bancarrota/quiebra/insolvente/quebro
        casi/evitar/antes_de/llevar_a ~2 bancarrota/quiebra
        me/nos ~1 van_a/llevan/mandan/dejar ~2 bancarrota/quiebra
        capitulo # ~1 novela/serie/temporada
    """,
    Intent.DECEASED: """
        <cosa> ~4 murio/muerto/muerta/fallecio
        murio/muerto/muerta/fallecio ~3 <cosa>
        no/casi/medio ~2 muerto/muerta/murio/muerte/fallecido
        ya_no ~1 vive ~1 aqui/ahi/alli/conmigo/en/con
        muerto/muerta/muertos de ~1 hambre/cansancio/sueno/risa/frio/miedo/trabajo/vergüenza
        estoy/ando muerto/muerta
        amenaza* ~2 muerte
        prefiero/quisiera/quiero/mejor ~2 muerto/muerta/muerte
        dia_de/dia_de_los muertos
        punto muerto
        en_el_cielo ~1 azul
        seguro_de_vida
        perdi_a_mi/perdi_mi ~1 jefe_de
        descansen/dejen*/dejeme/dejenme ~2 en_paz
        fallecio_mi_<cosa>
    """,
    Intent.ATTORNEY: """
        <conocido> es/era ~2 <abogado>
        no/sin/ni/nunca/tampoco/necesito ~4 <abogado>
        voy_a/vamos_a/quiero/pienso/tal_vez/a_lo_mejor/tendre_que/podria/puedo/debo/si_siguen/pueda/necesito/deberia ~3 buscar/contratar/conseguir/hablar_con/contactar/consultar/poner/meter/ir_con/buscarme/llamar_a ~1 un/una/con_un/a_un? ~1 <abogado>
        su/sus/tu ~1 <abogado>
        es/son/eres usted/ustedes? ~1 <abogado>/bufete
        trabajo ~3 <abogado>/bufete
        procurador_general/procurador general
        defensor ~2 pueblo/consumidor
        lic ~1 de_conducir/manejar
        estudi* ~3 <abogado>
        licenciado/licenciada/lic $ ya_no
        buenos/buenas dias/tardes/noches licenciado/licenciada/lic
        gracias/si/ok/senor licenciado/licenciada/lic
        licenciado/licenciada ~1 en
    """,
    Intent.CEASE_ALL: """
        no/nunca/niego/jamas ~4 pago/pagar*/pagare/nada/un_peso ~4 hasta/mientras/si_no/sin_que/antes
        <no> ~4 <contactar> ~4 trabajo/chamba/oficina/empleador/jefe/patron/empresa/abogado
        <no> ~4 <contactar>/<llamar>/<escribir> ~4 antes/despues/noche/noches/manana/domingo/domingos/sabado/sabados/semana/temprano/madrugada/tarde/horas
        <no> ~3 <contactar> ~4 por ~1 telefono/correo/texto/mensaje/sms/whatsapp/email
        no ~3 pude/puedo/logre/logro/he_podido/podido ~3 <contactar>
        no ~3 tengo/tenia/hay/teniamos/tenemos ~2 contacto/comunicacion
        no ~3 se_han/me_han/se_ha/me_ha/se_comunicaron ~2
        ni_un/ni_un_solo centavo/peso/dolar ~1 tengo/para
        no/sin ~2 tengo/traigo/queda/hay/tenemos ~2 ni_un/ni_un_solo ~1 centavo/peso/dolar/quinto
        sin_un/ni_un peso
        no_voy_a/no_vamos_a/no_pienso/no_quiero pagar ~1 intereses/recargos/comision/eso/mas_de
        no_voy_a poder
        no_voy_a/no_vamos_a pagar ~1 <dia>/tarde
        no ~2 quiero ~2 pagar tarde/despues
        no ~2 <pagar> ~1 interes/intereses
    """,
    Intent.WRONG_NUMBER: """
        deuda/cuenta/adeudo/cargo/prestamo ~1 no es ~1 mia/mio/nuestra
        no es mi deuda/cuenta/adeudo
        no es ~1 justo/correcto/posible/verdad/cierto/facil/culpa/mia/mio/mi_deuda/mi_cuenta/mi_culpa
        no soy ~1 abogado/abogada/robot/rico/moroso/ratero/de/la_unica/el_unico/culpable/responsable/tonto/tonta/yo_quien/yo_el_que
        quien es ~1 el/la ~1 acreedor/dueno/encargado/original/responsable/gerente/supervisor
        quien es ~1 usted/ustedes/este/esto/eso/el/la/ud/acreedor
        <deuda>/monto/cantidad/precio/informacion/fecha ~2 equivocad*/incorrect*/errone*
        equivocad* ~2 <deuda>/monto/cantidad/fecha
        no ~1 esta ~1 bien/mal/correcto/claro/listo/pagada/en_mis/de_acuerdo
        cambie de numero ~2 es #
        mi ~1 nuevo ~1 numero es
        ya_no/no ~1 trabajo ~3
        no conozco/conosco ~2 deuda/cuenta/empresa/tramite/prestamo
        no hay ~1 problema/dinero/trabajo/nada/manera/bronca/chamba/tiempo/de_que/lana
        ella/el/<pariente> no ~1 esta ~1 trabajando/bien/enfermo
        # es equivocado
    """,
    Intent.IDENTITY_THEFT: """
        sin mi ~1 permiso ~2 mensajes
        robaron ~3 celular/carro/dinero/bolsa/todo/tarjeta_de_nomina
        es_esto/esto_es ~2 fraude $ ?
    """,
    Intent.DISPUTE: """
        no/nunca/tampoco/sin ~4 disput*/impugn*
        cuanto ~4 debo
        no se/recuerdo cuanto ~2 debo
        a/de ~1 quien/que/cual/quienes ~3 debo
        se/reconozco/acepto/admito ~2 que ~1 debo
        comprobante/comprobantes/recibo/prueba/pruebas ~2 pago/deposito/transferencia/ingresos/de_que_pague/de_que_ya
        no ~1 recibi/tuve/me_llego/he_recibido ~3 pago/sueldo/cheque/dinero/mensaje/correo/link/llamada/tiempo/trabajo/chamba/quincena/enlace/respuesta/codigo
        no/nunca ~2 autorice/di/acepte/pedi/solicite ~4 mensajes/mensaje/textos/llamadas/correos/que_me
        no quede ~2 sin
        no_debo ~1 atrasarme/preocuparme/fallar
        por_que/porque/como ~2 no ~1 debo
        quitar/quitan/quiten/bajar/cancelar ~4 intereses/cargos/interes
        como ~1 abono
        contrato ~2 trabajo
        evidencia ~2 del_pago
        ver/donde/consulto ~3 estado_de_cuenta
        liquid*/finiquit* ~4 <dia>/manana/cuando/si_me/# ~2
        le_liquido/les_liquido/liquidare/liquidar/liquido/la_liquido/lo_liquido
        verificar/aclarar ~2 pago
    """,
    Intent.OPT_OUT_CHANNEL: """
        <no> ~3 <llamar>/<escribir>/mensajes/textos/correos ~5 al/a_mi/en_mi/mi/con_mi/del/en_el ~1 <trabajo>
        <no> ~4 <llamar>/<escribir>/manden/nada/mensajes/textos/avisos ~4 antes/despues/en_la/por_la/los/las/de/a_la/tan/entre/hasta/durante/a_estas ~3 #/<hora>/tarde/temprano/trabajo/horas
        muy_temprano para mensajes
        no ~2 <llamar> ~3 mensaje/mensajes/mandenme/mandeme/texto/textos/escribanme/escribame/correo/email/whatsapp/manden/escriban
        mensaje/mensajes/texto/textos/correo/email ~4 no/pero_no/sin ~2 llamadas/llamen/llamar/llame/marquen
        por_mensaje/por_texto/por_correo ~4 no ~1 llamadas
        prefiero ~4 no? ~2 llamadas
        para el/la/los/las/este/manana/mi/pagar/que/hoy/cuando/navidad/ese/eso/un/una/fin/no/mi/darme/esta/el_autobus/entonces/siempre/poder/ver/saber/#/<dia>
        hora/donde/autobus/camion/bus/metro/tren/micro para
        para ~2 autobus/camion/tren
        paro de ~1 trabajar
        no/nunca/sin ~2 paren/pare/cancelen/cancele/detengan/parar/cancelar/dejen/suspendan/quiten/para
        no dejen/deje de ~2
        parada/paradas ~3 camion/autobus/bus/metro
        un/el/de/en_el/muy/mas/es/tan/precio/interes/esta/muy/senal_de alto
        alto a/interes/en/costo/grado/riesgo/nivel/de_mi
        pago/pagos/interes/saldo/monto/intereses ~2 alto/altos/baja/bajo
        baja ~1 la/el/de/por/medica/maternidad/laboral/mi/temporada ~1 mensualidad/interes/pago/trabajo/enfermedad/precio?
        planta baja
        de/por/con/esta/incapacidad baja ~1 medica/laboral/por
        mas/muy/esta/mensualidad/cuota/cantidad baja
        cancelar mi/el/la/un/pago/pagos/cita/deuda/cuenta/plan/total/todo/lo/saldo/esta/esa/#
        cancelar ~3 pago/pagos/cita/deuda/cuenta/plan/saldo/interes/intereses/recargos/prestamo/tarjeta
        puedo/podria/quiero/como/voy_a/puedo_ir_a/poder/a/de/para ~1 cancelar ~3 ?
        quit*/quiten/borr*/elimin*/retir* ~4 intereses/interes/recargos/cargo/cargos/comision/multa/buro/reporte/historial/deuda
        quitame/quitarme/quiten ~1 la_vida/el_sueño/el_sueno/los/las/la/el ~1 intereses/casa/carro/vida/sueno?
        retir* ~3 dinero/cajero/banco/efectivo/demanda
        sac* ~3 dinero/cita/prestamo/tarjeta/cuenta/credito/numero/la_cuenta/de_la_cuenta/banco
        sacar ~1 este
        bloque* ~3 tarjeta/cuenta/banco
        no ~2 <escribir>/mando/envio/envie/mande/mandar/enviar ~3 pago/dinero/cheque/nada_hasta/comprobante/deposito/$_
        no ~3 llegan/llega/llego/recibi/recibo/reciben/llegado/tengo/veo/leo/reviso/uso/puedo_ver/entiendo/puedo_leer ~3 <mensajes>
        no ~2 llegue ~2 tarde/pago
        no ~2 llegar ~2 tarde/fin/a_la/al
        no ~2 <llamar> ~2 ingles
        no ~2 mande/manden/envien/escriban ~3 en_ingles/a_cobranza/a_buro/a_la_corte/abogados/carta_a
        no ~3 puedo/podemos/pude/quiero/supe ~2 <llamar>/<escribir> ~2
        no ~3 puedo/pude/podemos/logro/se ~2 <llamar>/enviar/mandar/escribir/hablar/marcar
        no ~2 me/nos? han/ha/habian ~2 <llamar>/enviado/mandado
        hasta_que ~3 manden/envien/mande/envie ~3
        pago/pagar hasta_que/si ~1 me ~1 manden/envien/mande/envie
        no ~2 quiero/necesito/deseo ~3 problemas/abogado/informacion_falsa/pagar/plan/perder/quedar/hablar
        quiero que me <llamar>/<escribir>
        como ~4 para_que_no/para_no/darme/cancelar/parar/dejar/dar_de_baja ~3 <mensajes>/<escribir>/baja/lleguen/recibir?
        como ~2 doy ~1 de_baja
        di/dado ~1 de_baja ~2 servicio/la_cuenta/el/cable
        autorizacion/permiso ~2 medica
        no/sin ~2 autorizacion/permiso/consentimiento ~3 cuenta/tarjeta/contrato
        sin_permiso
        sin ~1 mi ~1 permiso/consentimiento/autorizacion
        vuelvan/vuelva ~4 <mensajes>
        no ~1 para/paro ~1 de ~1 trabajar/llover
        no deje ~2
        dejen/deje/deja ~2 en_paz/tranquilo
        dejar ~2 pagar/cheque/dinero/pago
        <deje>/voy_a/puedo/a/paso_a ~1 dejar ~3
        deje ~2 trabajar/empleo/trabajo/pagar
        dejen/deje/dejenme/dejeme ~2 hablar/llamar/pagar/ver/revisar/explicar/checar/pensar
        ni ~2 correo/carta/mensaje ~2 recibi/llego
        nunca ~2 recibi/llego/me_llego ~2
        no ~3 whatsapp
        harto_de/harta_de/cansado_de/cansada_de ~2 vivir/vida/deber/todo/trabajar/la_vida
        no ~3 cartas? sin_firma
        ya_no_mas intereses/recargos
        termine/termine_de/corte/corta/suspenda/suspendan ~3 servicio/luz/agua/pagar/trabajar
        basta con/para
        salir $ de
        al/a/voy_a/para/de/pueda/puedo salir ~3
        informacion
    """,
    Intent.COMPLAINT_LEGAL_THREAT: """
        no/sin/nunca/tampoco ~2 queja/quejas/demandar*/denunci*/acos*/amenaz*
        me/nos ~2 van_a/va_a/pueden/piensan/quieren ~1 demandar/reportar/denunciar
        demandarme/reportarme/denunciarme
        reportar/reporto/reportado ~3 buro/credito/pago
        reportar ~2 pago
        policia ~2 para/retuvo/detuvo
        denuncia ~4 robo/fraude/identidad
        procurador del consumidor
        atencion_al consumidor
        demandenme
        es ~1 ilegal ~1 aqui
    """,
    Intent.BREATHING_SPACE_DEBT_ADVICE: """
        tienen/ofrecen/hay/dan ~3 programa/asesoria/consolid*
        no/sin ~3 asesor*/consolid*
    """,
    Intent.MILITARY_SCRA: """
        no ~3 militar/ejercito/soldado/desplegad*
        ex militar
        era militar/soldado
        la_marina/marina ~1 @name
        colonia militar
    """,
    Intent.NO_WORK_CONTACT: """
        me corrieron/despidieron
        su/sus ~1 <trabajo>
        perdi mi? trabajo/empleo/chamba
        quiero/puedo/me_pueden ~2 hablar/llamar ~2 jefe/encargado
        <llamar> a ~2 su/esta/la <trabajo>
        me_van_a/me_pueden ~1 sacar ~2 casa/apartamento/departamento
        sacar de
        correr el/la/a
    """,
    Intent.CHANNEL_PREFERENCE: """
        no/ni ~1 me? <llamar> ~2 ni ~2 <escribir> ~2 nada?
        <no> ~2 <mensajes>
        no mas <mensajes>
        su/sus/este/ese/el/un/recibi/llego/mi ~1 correo/mensaje/texto/email/carta ~2
        pago/pagar/pague/pagare/deposito/comprobante/transferencia/pagamos ~4 por ~1 telefono/correo/mensaje/internet/transferencia
        por_telefono_no_puedo
        <no> ~3 <escribir> ~3 por_correo/por_mensaje/por_texto ~3
        pruebe*/prueba*/compro*/valid*/verific* ~6 por_escrito/por_correo/carta
        no ~2 quiero/deseo ~2 recibir ~2 <mensajes>
    """,
    Intent.INCONVENIENT_TIME: """
        <pagar>/pague/cobro/pagan/dinero/quincena/cheque/tengo/depositan/vencimiento/vence/paso/pagaron/pagado/pasar ~5 antes/despues/hasta/entre/en_la/los/el/por_la/a_la ~3 #/<hora>/una/dos/tres/cinco/<dia>
        hasta/despues/antes ~3 # ~3 <pagar>
        buenas/buenos dias/tardes/noches
        mas/muy/tan tarde ~2 pagar/pago/pago/para_pagar
        mas_tarde <pagar>
        no ~4 hasta/en/el/este/por ~3 <dia>/mes/ano/quincena/semana/momento/que
        trabajo/chamba ~2 de ~1 noche ~1 perdi
        no ~1 puedo ~2 dormir
        no_puedo dormir
        en_el_hospital
        a_que_hora
        mejor ~2 tarde_que
        <dia> ~2 <pagar>
        mal_momento economico
        el_viernes/el_lunes/manana ~3 <pagar>
        no puedo ~1 hablar ~2 ingles/espanol
        a_las ~1 # ~3 voy/paso/pagar
    """,
    Intent.HARDSHIP: """
        no ~2 necesito/quiero/ocupo ~2 ayuda/plan/<rebaja>
        no ~3 cancel*/par*/quit*/suspend*/dej* ~3 plan/<rebaja>
        mi/su/el/del plan ~3 termina/empieza/cuando/fecha/pagos
        cuando/cuanto/como/donde ~4 plan/pago/pagos
        puedo/podria/quiero/pueden ~3 cancelar/hacer/cambiar/mover/ver/adelantar ~2 pagos/pago/plan
        no ~3 puedo/pude/podido ~3 hablar/entrar/abrir/ver/llamar/contestar ~3
        no ~3 puedo ~3 pagar ~2 linea/pagina/internet/aqui/app
        que/cual/tienen/tiene/dan/en_que/fuera_de/mucho/cuanto/a tiempo
        a tiempo
        no hay/tengo problema/problemas/prisa/tiempo/internet/senal/abogado
        no tengo ~2 correo/cuenta/cuentas/idea/telefono/tarjeta/abogado/email/nada_que_ver/contacto/impresora/whatsapp/computadora
        me/mi/necesito/quiero/deme ~2 ayuda
        ^^ ayuda
        ayuda ~1 legal
        me/nos ~1 ayuda ~2 credito/deudas/asesor*/agencia
        programa/plan ~3 deudas/deuda/manejo
        seguro_social ~4 usaron/robaron
        usaron/robaron/uso ~4 seguro_social
        como/que ~2 pago
        <lengua> ~1 tiempo
        pago/pagos/abonos ~2 manana/<dia>/el/listo/hecho
        les/le/te/hago/haremos/hice/hacer/di/doy/mande/el/un/mi/primer/segundo/ultimo pago/abono/pagos
        acuerdo $ gracias
        de acuerdo
        no ~1 trabajo ~1 ahi/aqui/alli
        accidente ~2 trafico
        seguro/aseguranza/medicare ~2 hospital
    """,
    Intent.REQUEST_ORIGINAL_CREDITOR: """
        por_que me_cobran
        concurso ~1 acreedores
        de donde ~2 salen/sacan ~3
        pague/pagado/liquid* ~5 original
        hablo/hablan/escriben de ~1 que/cual
        de_que ~1 empresa/compania ~2 hablan/llaman/escriben/son
        a que banco ~2 deposito/pago/transfiero
        de que es esto
        de_donde son/hablan
        a_que banco/empresa ~1 pago/deposito
    """,
    Intent.PAID_ALREADY: """
        cuando/hasta_que/en_cuanto/si/apenas/luego/despues/no/nunca/aun_no/todavia_no/sin/que ~4 pague/paguen/page/pagado/pagaron/pagada/pago/hice/depositado/deposite/depositen/transferencia
        no ~3 mande/pague/deposite/hice/envie/page/pagado
        me pagaron/depositaron/pagaran
        no/paren/pare/ya_no ~3 mande/envie/di ~2
        ya ~2 <escribir>
        di de_baja
        ya ~3 di ~2 cuenta/de_baja
        le/les/ya ~1 pagar
        me/voy_a/quiero/puedo/podria/a/para/ir_a/paso_a ~1 pagar/depositar/transferir
        les_pago/le_pago/te_pago/lo_pago/la_pago ~3
        que ~2 pague
        se ~1 hice
        ya hice ~2 cuenta
        ya ~1 mande ~3 carta/documentos/correo/papeles/mensaje/queja
        # ~1 pague
    """,
    Intent.PROMISE_TO_PAY: """
        no/nunca/jamas/niego/ni ~3 <pagar>/pagare ~5
        ya/acabo_de/apenas_ayer ~3 pague/pagado/deposite/mande/hice/pagamos/transferi/envie ~4
        pague/deposite/hice/mande/pagamos/envie/hizo/realice/pagado/transferi ~5 <dia>/#/ayer
        pago ~2 se_hizo/hecho/realizado/fue/esta/ya ~3 <dia>/ayer/#?
        cuando/donde/como/cuanto/que/cual/a_que ~4 <pagar>/plan/pago
        cuando me depositen
        puedo/podria/quiero ~2 cancelar ~4
        murio/fallecio/demandar/abogado/corte/queja ~6 <dia>/#
        en/el/la ~1 enero/febrero/marzo/abril/mayo/junio/julio/agosto/septiembre/octubre/noviembre/diciembre ~1 murio/fallecio
        falleci*/murio/cancele/devolvi/nacio/perdi/corrieron/despidieron ~5 <dia>/#
        llam*/marq*/escrib*/habl*/disponible/contact* ~5 <dia>/<hora>/#
        puedo ~2 pagar ~2 menos/poco/poquito/abonos/plazos/partes
        solo puedo ~2 dar/pagar ~2 #
        quiero ~2 pagar ~2 pero_no
        mando/envio/doy/mandar/enviar ~3 comprobante/recibo/copia/documento/documentos/prueba/pruebas/abogado/papeles/foto
        me/nos ~1 dar/mandar/enviar ~4
        debo/eran/saldo ~3 #
        caso/capitulo/numero/cuenta/edad/tengo ~3 #
        tiempo hasta_que
        dar ~1 de ~1 baja/comer/alta
        darme/dame ~1 de ~1 baja/alta
        recibo_mi ~2 correo
        buenos/feliz/bonito/excelente/buen ~2 <dia>/dia/dias
        les/le/lo/la/te ~2 mando ~2 abogado
        termine/prueben/hasta_que ~3 manden
        enfermo/operaron/hospital/cita ~4 <dia>/#
        los/las/el <hora> no
        luego ~1 luego
        hasta_luego/hasta_manana
        ahorita no
        que es/paso ~1 primero
        <dia> no ~1
        de/por ~1 que ~2 <dia>
        no <dia>
    """,
    Intent.HUMAN_OR_CALLBACK: """
        no/nunca/dejen_de/ya_no/ni/paren_de/jamas ~3 llam*/marq*/habl* ~2
        abogado/licenciado/representante_legal/abogada ~4 llam*/habl*
        hablen/hablar ~2 abogado/abogada/licenciado/representante_legal
        representante legal
        no ~1 quiero ~1 hablar
        me_llaman
        quien me ~1 habla
        llam* ~2 mi ~1 abogado
        puedo_hablar/puedo hablar ~4 despues/tarde
        su agente ~2
        agente ~3 amenazo/grito/grosero
        quiero hablar ~1 ingles/espanol
    """,
    Intent.LANGUAGE_REQUEST: """
        hablo ~1 ingles ~1 bien/perfecto
        no ~1 hablo ~1 espanol
    """,
    Intent.HELP: """
        quien es @name
        que es/son ~2 cargo/cargos/deuda/intereses/multa
        de_donde ~2 sale/salen
        necesito_ayuda ~1 para_pagar/con_el_pago/con_mis_pagos
        que ~1 quieren ~1 de_mi
    """,
    Intent.OPT_IN: """
        no/nunca/ya_no/dejen/paren/sin ~4 <mensajes>/recibir/mandar*/enviar*/escribir*/vuelvan/suscrib* ~3
        si ~1 pero/pague/ya/no/me/puedo/quiero_pagar
        sigan/siga/continuen ~2 molest*/llam*
        desuscribirme
    """,
}
